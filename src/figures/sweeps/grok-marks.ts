/** The marks of epochs-to-grok: a point per run and event, medians, ranges, what is censored, and what is missing. */
import * as Plot from "@observablehq/plot";
import type { FigureOptions } from "../figure.js";
import { formatEpoch } from "../format.js";
import type { Theme } from "../theme.js";
import { panelWidth } from "./cell-axis.js";
import { earlyEndInWords, epochsOf, faltered, fateInWords, fateOf } from "./outcomes.js";
import type { PlacedCell, PlacedSweep } from "./sweep.js";
import type { SweepRow } from "./sweep-rows.js";
import type { LegendEntry } from "./symbol-legend.js";

/** What a point says of a run: ended is where it ended without having grokked, forgot where it had lost all. */
export type RunEvent = "memorized" | "grokked" | "crossed" | "ended" | "forgot";

export interface RunPoint {
  run: string;
  panel: string;
  x: number;
  epoch: number;
  event: RunEvent;
  words: string;
}

/** Pixels between seeds of one cell, where neighbours leave room for them. */
const APART = 7;

/** The points of all runs; seeds of a cell stand side by side. */
export function runPoints(
  cells: readonly PlacedCell[],
  { width, panels, domain }: { width: number; panels: number; domain: readonly [number, number] },
): RunPoint[] {
  const unit = (domain[1] - domain[0]) / panelWidth(width, panels);
  const step = Math.min(APART * unit, closest(cells) / 5);
  return cells.flatMap((cell) =>
    cell.runs.flatMap((run, i) => {
      const x = cell.x + (i - (cell.runs.length - 1) / 2) * step;
      const point = (event: RunEvent, epoch: number | null): RunPoint[] =>
        epoch === null ? [] : [{ run: run.run, panel: cell.panel, x, epoch, event, words: runWords(cell, run) }];
      const fate = fateOf(run);
      return [
        ...point("memorized", run.memorized),
        ...point("grokked", run.grokked),
        ...point("crossed", fate === "collapsed" || faltered(run) ? run.first_crossing : null),
        ...point("ended", fate === "grokked" || fate === "forgot" ? null : run.ended),
        ...point("forgot", fate === "forgot" ? run.ended : null),
      ];
    }),
  );
}

/** Distance of the nearest two cells of a panel, in units of the axis. */
function closest(cells: readonly PlacedCell[]): number {
  const gaps = cells.flatMap((cell) =>
    cells.filter((other) => other.panel === cell.panel && other.x > cell.x).map((other) => other.x - cell.x),
  );
  return Math.min(Number.MAX_VALUE, ...gaps);
}

function runWords({ words }: PlacedCell, run: SweepRow): string {
  const lines = [`${words}, seed ${run.seed}`];
  if (run.memorized !== null) lines.push(`memorizes at ${formatEpoch(run.memorized)}`);
  lines.push(`${fateInWords(run)} (± ${formatEpoch(run.evaluation_interval)})`);
  lines.push(earlyEndInWords(run) ?? `complete: ${formatEpoch(run.ended)} epochs`);
  return [...lines, "click to open this run"].join("\n");
}

/** Everything within the frame. */
export function cellMarks(
  { cells, panels, domain, ordered }: PlacedSweep,
  points: readonly RunPoint[],
  [low]: readonly [number, number],
  options: FigureOptions,
): Plot.Markish[] {
  const { theme, width } = options;
  const facet = panels.length > 1 ? { fx: "panel" } : {};
  const of = (event: RunEvent) => points.filter((point) => point.event === event);
  const xy = { ...facet, x: "x", y: "epoch" };
  const unit = (domain[1] - domain[0]) / panelWidth(width, panels.length);
  const summaries = cells.map((cell) => ({ ...cell, ...epochsOf(cell.runs) }));
  const half = Math.min(16 * unit, closest(cells) * 0.42);
  const medians = summaries.map(({ x, panel, median }) => ({ x, panel, epoch: median }));
  const several = medians.filter((d, i) => d.epoch !== null && cells[i].runs.length > 1);
  const ranges = summaries.flatMap(({ x, panel, range }) =>
    range && range[0] < range[1] ? [{ x, panel, from: range[0], to: range[1] }] : [],
  );
  const epochOf = (run: string, event: RunEvent) =>
    points.find((point) => point.run === run && point.event === event)?.epoch;
  const fallen = of("crossed").map((d) => ({
    ...d,
    to: epochOf(d.run, "grokked") ?? epochOf(d.run, "ended") ?? d.epoch,
  }));
  const forgotten = of("forgot").map((d) => ({ ...d, from: epochOf(d.run, "memorized") ?? d.epoch }));
  const missing = cells.filter(({ runs }) => !runs.length);
  return [
    // A line says that there is something between two cells: not between two operations.
    ordered
      ? Plot.line(
          medians.map((d) => ({ ...d, epoch: d.epoch ?? Number.NaN })),
          { ...xy, z: "panel", stroke: theme.test, strokeOpacity: 0.45, strokeWidth: 1.25, sort: "x" },
        )
      : [],
    Plot.ruleX(ranges, { ...facet, x: "x", y1: "from", y2: "to", stroke: theme.test, strokeWidth: 1.25 }),
    Plot.link(several, {
      ...facet,
      x1: (d: { x: number }) => d.x - half,
      x2: (d: { x: number }) => d.x + half,
      y1: "epoch",
      y2: "epoch",
      stroke: theme.test,
      strokeWidth: 2.5,
    }),
    Plot.ruleX(fallen, { ...facet, x: "x", y1: "epoch", y2: "to", stroke: theme.alert, strokeDasharray: "2 3" }),
    Plot.ruleX(forgotten, { ...facet, x: "x", y1: "from", y2: "epoch", stroke: theme.alert, strokeDasharray: "2 3" }),
    Plot.dot(of("memorized"), { ...xy, r: 3, fill: theme.train, fillOpacity: 0.85 }),
    Plot.dot(of("grokked"), { ...xy, r: 4.5, fill: theme.test, stroke: theme.background, strokeWidth: 1 }),
    Plot.dot(of("ended"), {
      ...xy,
      symbol: "triangle",
      r: 5,
      stroke: theme.test,
      fill: theme.background,
      strokeWidth: 1.6,
    }),
    Plot.dot(fallen, { ...xy, symbol: "diamond", r: 5, stroke: theme.alert, fill: theme.background, strokeWidth: 1.6 }),
    Plot.dot(forgotten, {
      ...xy,
      symbol: "square",
      r: 5,
      stroke: theme.alert,
      fill: theme.background,
      strokeWidth: 1.6,
    }),
    Plot.dot(missing, { ...facet, x: "x", y: () => low, symbol: "times", r: 4, stroke: theme.muted, strokeWidth: 1.8 }),
    options.interactive ? tip(points, xy, options) : [],
  ];
}

function tip(points: readonly RunPoint[], xy: object, { theme }: FigureOptions): Plot.Markish {
  return Plot.tip(
    points as RunPoint[],
    Plot.pointer({
      ...xy,
      maxRadius: 16,
      title: "words",
      fill: theme.background,
      stroke: theme.rule,
      fontFamily: "inherit",
    } as Plot.TipOptions),
  );
}

/** What is to be explained: only symbols that are drawn. */
export function legendOf(cells: readonly PlacedCell[], points: readonly RunPoint[], theme: Theme): LegendEntry[] {
  const has = (event: RunEvent) => points.some((point) => point.event === event);
  const entries: (LegendEntry | false)[] = [
    has("memorized") && { symbol: "point", color: theme.train, text: "memorized" },
    has("grokked") && { symbol: "point", color: theme.test, text: "grokked" },
    cells.some(({ runs }) => runs.length > 1) && { symbol: "median", color: theme.test, text: "median of the seeds" },
    has("ended") && { symbol: "triangle", color: theme.test, text: "not grokked where the run ended" },
    has("crossed") && { symbol: "diamond", color: theme.alert, text: "passed 95\u00a0% and fell back" },
    has("forgot") && { symbol: "square", color: theme.alert, text: "had lost its training pairs too" },
    cells.some(({ runs }) => !runs.length) && { symbol: "times", color: theme.muted, text: "not trained yet" },
  ];
  return entries.filter((entry) => entry !== false);
}
