/** A sweep as its figures see it: the grid, the quantity that is swept, and where each cell stands on its axis. */
import type { CurveRow, SweepCell, SweepGrid, SweepRow } from "./sweep-rows.js";

/** What may differ between the cells of a sweep; cells and rows both have it. */
export type SweptFields = Pick<
  SweepRow,
  "operation" | "modulus" | "train_fraction" | "learning_rate" | "weight_decay" | "beta2" | "softmax" | "layers"
>;

/** How a quantity is read from a cell and written. */
export interface SweptQuantity {
  /** On the axis, with its unit: "weight decay". */
  label: string;
  /**
   * Ordinal and nominal axes have their values in the order of the grid, evenly spaced: of a nominal one the order means
   * nothing. A log axis may have a 0, set apart.
   */
  axis: "log" | "linear" | "ordinal" | "nominal";
  /** Place on the axis; of an ordinal or nominal one the name of the place. */
  at(cell: SweptFields): number | string;
  /** The value on the axis: "0.5". */
  tick(cell: SweptFields): string;
  /** The whole cell in a sentence: "weight decay 0.5". */
  words(cell: SweptFields): string;
  /** Title of the cell's own panel where `tick` does not say all of it. */
  title?(cell: SweptFields): string;
  /** The same for a narrow panel, on a phone. */
  brief?(cell: SweptFields): string;
  /** Cells are parted into panels by this. */
  panel?(cell: SweptFields): string;
  /** Columns of the small multiples on a wide page. */
  columns?: number;
}

export interface Sweep {
  grid: SweepGrid;
  quantity: SweptQuantity;
}

/** What the figures of a sweep are drawn from, both of the cells of its grid alone. */
export interface SweepTables {
  rows: readonly SweepRow[];
  /** By run, ascending in epoch. */
  curves: readonly CurveRow[];
}

/** A cell, its place and its runs. */
export interface PlacedCell {
  cell: SweepCell;
  /** Position on the axis, in its own units: logarithms on a log axis, ranks on an ordinal or nominal one. */
  x: number;
  tick: string;
  words: string;
  title: string;
  brief: string;
  panel: string;
  /** By seed; none for a cell that is missing. */
  runs: SweepRow[];
}

export interface PlacedSweep {
  cells: PlacedCell[];
  panels: string[];
  domain: [number, number];
  /** Whether the order of the cells means something. */
  ordered: boolean;
}

/** Room of a 0 beside the smallest value of a log axis, in decades. */
const ZERO_APART = 0.5;

/** Puts the cells of a sweep on its axis, each with its runs. */
export function placeCells({ grid, quantity }: Sweep, rows: readonly SweepRow[]): PlacedSweep {
  const { axis } = quantity;
  const ranked = axis === "ordinal" || axis === "nominal";
  const fieldsOf = ({ config }: SweepCell): SweptFields => config;
  const values = grid.cells.map((cell) => quantity.at(fieldsOf(cell)));
  const names = [...new Set(values)];
  const positive = values.filter((value): value is number => typeof value === "number" && value > 0);
  const zero = Math.log10(Math.min(...positive)) - ZERO_APART;
  const place = (value: number | string) => {
    if (ranked || typeof value === "string") return names.indexOf(value);
    if (axis === "linear") return value;
    return value > 0 ? Math.log10(value) : zero;
  };
  const cells = grid.cells.map((cell, i): PlacedCell => {
    const fields = fieldsOf(cell);
    const tick = quantity.tick(fields);
    const title = quantity.title?.(fields) ?? tick;
    return {
      cell,
      x: place(values[i]),
      tick,
      words: quantity.words(fields),
      title,
      brief: quantity.brief?.(fields) ?? title,
      panel: quantity.panel?.(fields) ?? "",
      runs: rows.filter((row) => row.cell === cell.cell).sort((a, b) => a.seed - b.seed),
    };
  });
  const places = cells.map(({ x }) => x);
  const [low, high] = places.length ? [Math.min(...places), Math.max(...places)] : [0, 1];
  const pad = ranked ? 0.5 : Math.max(0.06 * (high - low), 1e-9);
  return {
    cells,
    panels: [...new Set(cells.map(({ panel }) => panel))],
    domain: [low - pad, high + pad],
    ordered: axis !== "nominal",
  };
}

/** The command that trains what is missing of a sweep. */
export const sweepCommandLine = ({ grid }: Pick<Sweep, "grid">) => `npm run grok -- sweep ${grid.name}`;

/** The last epoch of a full run of the grid: where the axes of epochs end. */
export const lastEpoch = ({ grid }: Sweep) => Math.max(1, ...grid.cells.map(({ config }) => config.epochs));
