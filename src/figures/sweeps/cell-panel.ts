/** One cell of the small multiples: the curves of its seeds, where they were stopped, or that there are none. */
import * as Plot from "@observablehq/plot";
import { type EpochScale, nearest } from "../epoch-axis.js";
import type { FigureOptions } from "../figure.js";
import { formatEpoch, formatPercent } from "../format.js";
import { DASHES } from "../theme.js";
import { epochTicks, type Measure } from "./measures.js";
import { earlyEndInWords, type Fate, fateInWords, fateOf, waitedUntil } from "./outcomes.js";
import type { PlacedCell } from "./sweep.js";
import type { CurveRow } from "./sweep-rows.js";

/** Heights in pixels: title above, frame, room below, and the numbers under the lowest row. */
export const CELL_PANEL = { top: 36, frame: 96, bottom: 8, axis: 22 };

export interface CellPanel {
  cell: PlacedCell;
  /** By run. */
  curves: ReadonlyMap<string, readonly CurveRow[]>;
  measure: Measure;
  domain: [number, number];
  scale: EpochScale;
  /** Width of the frame. */
  frame: number;
  /** In the first column, with the numbers of the axis in a margin of `left` pixels. */
  first: boolean;
  left: number;
  lowest: boolean;
}

/** @param command what trains a missing cell */
export function cellPanel(
  { cell, curves, measure, domain, scale, frame, first, left, lowest }: CellPanel,
  { command }: { command: string },
  options: FigureOptions,
): SVGSVGElement {
  const { theme, document } = options;
  const { runs } = cell;
  const ticks = measure.ticks(domain);
  const end = Math.max(0, ...runs.map(({ ended }) => ended));
  const marginLeft = first ? left : 0;
  const lines = runs.flatMap(({ run }) => linesOf(curves.get(run) ?? [], measure, scale));
  return Plot.plot({
    document,
    width: frame + marginLeft,
    height: CELL_PANEL.top + CELL_PANEL.frame + (lowest ? CELL_PANEL.axis : CELL_PANEL.bottom),
    marginTop: CELL_PANEL.top,
    marginBottom: lowest ? CELL_PANEL.axis : CELL_PANEL.bottom,
    marginLeft,
    marginRight: 0,
    style: { fontSize: "11px", fontFamily: "inherit", background: "none", overflow: "visible", color: theme.muted },
    x: { type: scale.type, domain: scale.domain, axis: null },
    y: { type: measure.type, domain, axis: null },
    marks: [
      runs.length ? [] : Plot.frame({ fill: theme.panel, stroke: "none" }),
      runs.length ? Plot.gridY({ ticks, stroke: theme.rule, strokeOpacity: 0.7 }) : [],
      first
        ? Plot.axisY({
            ...{ label: null, ticks, tickSize: 0, fill: theme.muted },
            text: measure.tickText,
          })
        : [],
      lowest ? axis(scale, frame, options) : [],
      runs.length && end < scale.domain[1]
        ? Plot.rectX([end], { x1: (d: number) => d, x2: scale.domain[1], fill: theme.panel })
        : [],
      Plot.frame({ anchor: "bottom", stroke: theme.muted, strokeOpacity: 0.6 }),
      lines.map(({ points, field }) =>
        Plot.line(points, {
          x: "epoch",
          y: "value",
          stroke: theme[field],
          strokeWidth: 1.5,
          strokeDasharray: DASHES[field],
          strokeLinejoin: "round",
        }),
      ),
      titles(cell, frame, options),
      runs.length ? [] : gapText(command, frame, options),
      options.interactive && lines.length ? tip(cell, curves, measure, scale, options) : [],
    ],
  }) as SVGSVGElement;
}

interface CellLine {
  field: "train" | "test";
  points: { epoch: number; value: number }[];
}

function linesOf(rows: readonly CurveRow[], measure: Measure, scale: EpochScale): CellLine[] {
  const points = (field: keyof CurveRow) =>
    rows
      .map((row) => ({ epoch: row.epoch, value: row[field] as number }))
      .filter(
        ({ epoch, value }) => scale.has(epoch) && Number.isFinite(value) && (measure.type !== "log" || value > 0),
      );
  return [
    { field: "train", points: points(measure.train) },
    { field: "test", points: points(measure.test) },
  ];
}

function axis(scale: EpochScale, frame: number, { theme }: FigureOptions): Plot.Markish {
  const ticks = epochTicks(scale, Math.max(1, Math.floor(frame / 55)));
  const short = (epoch: number) => (epoch >= 1000 ? `${formatEpoch(epoch / 1000)}k` : String(epoch));
  return Plot.axisX({
    ...{ anchor: "bottom" as const, label: null, ticks, tickSize: 3, fill: theme.muted, stroke: theme.muted },
    text: (epoch: number) => short(epoch),
  });
}

/** The cell above its frame, and what became of it. */
function titles(cell: PlacedCell, frame: number, { theme }: FigureOptions): Plot.Markish[] {
  const write = (text: string, dy: number, style: Plot.TextOptions) =>
    Plot.text([text], { frameAnchor: "top-left", textAnchor: "start", lineAnchor: "bottom", dy, ...style });
  return [
    write(frame < 140 ? cell.brief : cell.title, -20, { fill: theme.ink, fontWeight: 600, fontSize: 12 }),
    write(outcome(cell, Math.floor(frame / 5.6)), -5, { fill: theme.muted, fontSize: 11 }),
  ];
}

/** What became of the seeds of a cell, in at most so many characters. */
export function outcome({ runs }: PlacedCell, room: number): string {
  if (!runs.length) return "";
  if (runs.length === 1) {
    const [run] = runs;
    const fate = fateInWords(run);
    if (fate.length <= room) return fate;
    if (fateOf(run) === "forgot") return "memorizes, then forgets";
    return fateOf(run) === "collapsed" ? `falls back from ${formatPercent(run.best_test_accuracy, 0)}` : fate;
  }
  const grokked = runs.flatMap(({ grokked }) => (grokked === null ? [] : [grokked])).sort((a, b) => a - b);
  const of = `${grokked.length} of ${runs.length} grok`;
  const many = (fate: Fate, one: string, more: string) => {
    const count = runs.filter((run) => fateOf(run) === fate).length;
    return count ? [`${count} ${count === 1 ? one : more}`] : [];
  };
  const lost = [...many("collapsed", "falls back", "fall back"), ...many("forgot", "forgets", "forget")];
  if (lost.length) return grokked.length ? [of, ...lost].join(", ") : `${runs.length} seeds, ${lost.join(", ")}`;
  if (!grokked.length) return `${runs.length} seeds, none by ${formatEpoch(waitedUntil([{ runs }]))}`;
  const [first, last] = [grokked[0], grokked[grokked.length - 1]];
  const range = first === last ? `at ${formatEpoch(first)}` : `${formatEpoch(first)}–${formatEpoch(last)}`;
  const whole = grokked.length === runs.length ? `${runs.length} seeds, ${range}` : `${of}, ${range}`;
  return whole.length <= room ? whole : of;
}

function gapText(command: string, frame: number, { theme }: FigureOptions): Plot.Markish[] {
  const [name, ...rest] = command.split(" ");
  const lines = command.length * 6.1 < frame - 8 ? [command] : [`${name} ${rest[0]}`, rest.slice(1).join(" ")];
  return [
    Plot.text(["not trained yet"], { frameAnchor: "middle", dy: -14, fill: theme.muted, fontStyle: "italic" }),
    Plot.text([lines.join("\n")], { frameAnchor: "middle", dy: 8, fill: theme.muted, fontSize: 10, monospace: true }),
  ];
}

/** Exact numbers of the seed whose evaluation is nearest. */
function tip(
  { words, runs }: PlacedCell,
  curves: ReadonlyMap<string, readonly CurveRow[]>,
  measure: Measure,
  scale: EpochScale,
  { theme }: FigureOptions,
): Plot.Markish[] {
  const [first] = runs;
  const rows = (curves.get(first.run) ?? []).filter(({ epoch }) => scale.has(epoch));
  const title = (epoch: number) =>
    [`${words}, epoch ${formatEpoch(epoch)}`]
      .concat(
        runs.flatMap((run) => {
          const row = nearest(curves.get(run.run) ?? [], epoch);
          if (!row) return [];
          const values = `train ${measure.format(row[measure.train])}, test ${measure.format(row[measure.test])}`;
          const end = row.epoch === run.ended ? earlyEndInWords(run) : null;
          return [`${runs.length > 1 ? `seed ${run.seed}: ` : ""}${values}`, ...(end ? [end] : [])];
        }),
      )
      .join("\n");
  return [
    Plot.ruleX(rows, Plot.pointerX({ x: "epoch", stroke: theme.muted, strokeDasharray: "2 3" })),
    Plot.tip(
      rows,
      Plot.pointerX({
        x: "epoch",
        y: measure.test,
        title: (row: CurveRow) => title(row.epoch),
        fill: theme.background,
        stroke: theme.rule,
        fontFamily: "inherit",
      }),
    ),
  ];
}
