/** When the runs of a sweep grok, against what is swept: seeds as points, and what did not happen marked as such. */
import * as Plot from "@observablehq/plot";
import type { Figure, FigureOptions, FigureRow } from "../figure.js";
import { formatEpoch, formatNumber } from "../format.js";
import { stackPanels } from "../panels.js";
import { axisOfCells } from "./cell-axis.js";
import { epochsClaim, sortedCells } from "./epochs-claim.js";
import { cellMarks, legendOf, type RunPoint, runPoints } from "./grok-marks.js";
import { openRunAt } from "./open-run.js";
import { epochsOf, fateOf } from "./outcomes.js";
import { lastEpoch, type PlacedCell, placeCells, type Sweep, type SweepTables } from "./sweep.js";
import type { SweepRow } from "./sweep-rows.js";
import { legendHeight, symbolLegend } from "./symbol-legend.js";

const FRAME = 320;
const MARGINS = { bottom: 52, right: 12 };
/** Names of panels stand between the frame and the name of the axis. */
const topOf = (sweep: Sweep) => (sweep.quantity.panel ? 44 : 28);
const LEGEND_LINES = 3;

const height = (sweep: Sweep, width: number) =>
  FRAME + topOf(sweep) + MARGINS.bottom + 4 + (width < 560 ? 2 * LEGEND_LINES : 2) * 20;

function draw(sweep: Sweep, { rows }: SweepTables, options: FigureOptions): SVGSVGElement {
  const { theme, width, document } = options;
  const placed = placeCells(sweep, rows);
  const points = runPoints(placed.cells, { width, panels: placed.panels.length, domain: placed.domain });
  const legend = legendOf(placed.cells, points, theme);
  const domain = epochDomain(points, lastEpoch(sweep));
  const parted = placed.panels.length > 1;
  const marginLeft = width < 560 ? 54 : 58;
  const chart = Plot.plot({
    document,
    width,
    height: height(sweep, width) - legendHeight(legend, width),
    marginTop: topOf(sweep),
    marginBottom: MARGINS.bottom,
    marginLeft,
    marginRight: MARGINS.right,
    style: { fontSize: "12px", fontFamily: "inherit", background: "none", overflow: "visible", color: theme.muted },
    x: { type: "linear", domain: placed.domain, axis: null },
    y: { type: "log", domain, axis: null },
    ...(parted ? { fx: { domain: placed.panels, axis: null, padding: 0.08 } } : {}),
    marks: [
      Plot.gridY({ ticks: epochTicks(domain), stroke: theme.rule, strokeOpacity: 0.7 }),
      Plot.axisY({
        label: null,
        ticks: epochTicks(domain),
        text: formatEpoch,
        tickSize: 0,
        fill: theme.muted,
        ...(parted ? { facetAnchor: "left" as const } : {}),
      }),
      axisOfCells(placed, sweep.quantity, options, marginLeft),
      Plot.text(["epoch, log axis"], {
        ...(parted ? { fx: () => placed.panels[0] } : {}),
        frameAnchor: "top-left",
        lineAnchor: "bottom",
        textAnchor: "start",
        dx: -marginLeft + 2,
        dy: parted ? -28 : -10,
        fill: theme.ink,
        fontWeight: 500,
      }),
      cellMarks(placed, points, domain, options),
    ],
  }) as SVGSVGElement;
  if (options.interactive) openRunAt(chart);
  const text = {
    ariaLabel: `Epochs at which runs memorize and grok, against ${sweep.quantity.label}`,
    ariaDescription: epochsClaim(sweep, { rows }),
  };
  return stackPanels([symbolLegend(legend, options), chart], text, options);
}

/** 1, 2 and 5 of every decade: most sweeps span two or three. */
function epochTicks([low, high]: readonly [number, number]): number[] {
  const decades = Array.from({ length: 8 }, (_, i) => 10 ** i);
  return decades.flatMap((d) => [d, 2 * d, 5 * d]).filter((tick) => tick >= low && tick <= high);
}

function epochDomain(points: readonly RunPoint[], last: number): [number, number] {
  const epochs = points.map(({ epoch }) => epoch);
  return [Math.max(1, Math.min(last / 20, ...epochs) * 0.7), Math.max(last, ...epochs) * 1.15];
}

/** A row per run, and one of a cell without any. */
function rowsOfCell({ cell, words, runs }: PlacedCell): FigureRow[] {
  const { median } = epochsOf(runs);
  const row = (run: SweepRow | null): FigureRow => ({
    cell: words,
    run: run?.run ?? null,
    seed: run?.seed ?? null,
    outcome: run ? fateOf(run) : "not trained",
    memorized: run?.memorized ?? null,
    grokked: run?.grokked ?? null,
    first_crossing: run?.first_crossing ?? null,
    evaluation_interval: run?.evaluation_interval ?? null,
    ended: run?.ended ?? null,
    ended_reason: run?.ended_reason ?? null,
    cell_median_grokked: median,
    cell_key: cell.cell,
  });
  return runs.length ? runs.map(row) : [row(null)];
}

/** Epochs to memorize and to grok of every run, against the swept quantity. */
export const epochsToGrok = (sweep: Sweep, number = 1): Figure<SweepTables> => ({
  id: "epochs-to-grok",
  number,
  name: "Epochs to grok",
  height: (width) => height(sweep, width),
  gap: () => (sweep.grid.cells.length ? null : "the list of sweeps has no cells of this one"),
  claim: (tables) => epochsClaim(sweep, tables),
  headline({ rows }) {
    const { grokked } = sortedCells(placeCells(sweep, rows).cells);
    const label = "epochs to grok, slowest cell over fastest";
    if (grokked.length < 2) return { label, value: null, text: "fewer than two cells grok" };
    const value = (grokked.at(-1)?.epoch as number) / grokked[0].epoch;
    return { label, value, text: `${formatNumber(value)} times` };
  },
  draw: (tables, options) => draw(sweep, tables, options),
  rows: ({ rows }) => placeCells(sweep, rows).cells.flatMap(rowsOfCell),
  caption:
    "Grokked: test accuracy reaches 95\u00a0% and stays there to the end of the run. A triangle stands where a run ended " +
    "without it: later than that, or never. Medians, and what is said of them, take the first time at 95\u00a0%. Click a point to open its run in the pages of one run.",
  guidance: {
    shows:
      "For every stored run of the sweep the epoch at which it has memorized its training pairs (blue) and the one at which " +
      "it gets right the others (orange). Bars are medians over seeds, thin lines their range.",
    reading:
      "The height between the blue and the orange point of a cell is the delay: on this log axis equal heights are equal " +
      "ratios. An open triangle says “not by then”, not “then”; a median counts it so. A cross on the axis is a cell " +
      "that nobody has trained yet.",
    normal:
      "Blue points lie almost level, within a few hundred epochs: memory does not wait. Orange points may spread over decades. " +
      "Seeds of one cell differ by tens of percent.",
    wrong:
      "Open diamonds: test accuracy passed 95\u00a0% and was lost again, which is a fault of the optimizer or of its numbers " +
      "more often than of the model; an open square: even the training pairs were lost. Points on one another at the same epoch: runs were stopped there, look at the triangles.",
  },
});
