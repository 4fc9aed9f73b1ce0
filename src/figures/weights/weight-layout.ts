/** Where the matrices of figure 13 stand: four units to a row on a wide page, two on a narrow one. */
import type { TensorName, Transform } from "../../derivations/weights/choices.js";
import type { Frame } from "../pixel-grid.js";

type Item = { name: TensorName | "shares"; units: number };
interface Row {
  kind: "heat" | "vector" | "shares";
  items: Item[];
}

const one = (...names: Item["name"][]): Item[] => names.map((name) => ({ name, units: 1 }));
const whole = (name: Item["name"], units: number): Item[] => [{ name, units }];

function rowsOf(transform: Transform, wide: boolean): Row[] {
  const units = wide ? 4 : 2;
  const heat = (items: Item[]): Row => ({ kind: "heat", items });
  const vector = (items: Item[]): Row => ({ kind: "vector", items });
  const squares = wide
    ? [heat(one("W_E", "W_Q", "W_K", "W_V")), heat([...one("W_O", "W_U"), { name: "shares", units: 2 }])]
    : [
        heat(one("W_E", "W_Q")),
        heat(one("W_K", "W_V")),
        heat(one("W_O", "W_U")),
        { kind: "shares" as const, items: whole("shares", 2) },
      ];
  const raw = transform === "raw";
  return [
    ...squares,
    heat(whole("W_in", units)),
    ...(raw ? [vector(whole("b_in", units))] : []),
    heat(whole("W_out", units)),
    ...(raw ? [vector(one("W_pos", "b_out"))] : []),
  ];
}

/** Room at the left for the names of key frequencies. */
const LEFT = 26;
export const TITLE = 26;
const GAP = { across: 16, down: 14 };
const VECTOR = 18;
const SHARES = 190;
const isWide = (width: number) => width >= 760;
const heatHeight = (width: number) => (isWide(width) ? 196 : 150);

/** Pixels that all rows take, whatever is shown: raw matrices have more rows, waves taller ones. */
export function weightsHeight(width: number): number {
  const rows = rowsOf("raw", isWide(width));
  const tall = { heat: heatHeight(width), vector: VECTOR, shares: SHARES };
  return rows.reduce((sum, { kind }) => sum + TITLE + tall[kind] + GAP.down, -GAP.down);
}

/** Frames of the matrices, and of the bars with the shares. */
export function weightFrames(width: number, transform: Transform): Map<TensorName | "shares", Frame> {
  const wide = isWide(width);
  const rows = rowsOf(transform, wide);
  const units = wide ? 4 : 2;
  const unit = (width - LEFT - (units - 1) * GAP.across) / units;
  const fixed = { vector: VECTOR, shares: SHARES };
  const others = rows.reduce((sum, { kind }) => sum + (kind === "heat" ? 0 : fixed[kind]), 0);
  const heats = rows.filter(({ kind }) => kind === "heat").length;
  const between = rows.length * (TITLE + GAP.down) - GAP.down;
  const tall = { ...fixed, heat: (weightsHeight(width) - between - others) / heats };
  const frames = new Map<TensorName | "shares", Frame>();
  let y = TITLE;
  for (const { kind, items } of rows) {
    let x = LEFT;
    for (const { name, units: span } of items) {
      const across = span * unit + (span - 1) * GAP.across;
      frames.set(name, { x, y, width: across, height: tall[kind] });
      x += across + GAP.across;
    }
    y += tall[kind] + GAP.down + TITLE;
  }
  return frames;
}
