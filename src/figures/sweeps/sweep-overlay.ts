/** All runs of a sweep in one picture, which can be played: test curves over one another, and where every cell stands. */
import * as Plot from "@observablehq/plot";
import { group, select } from "d3";
import type { EpochScale } from "../epoch-axis.js";
import type { Figure, FigureOptions } from "../figure.js";
import { formatCount, formatEpoch, formatPercent } from "../format.js";
import { finishFigure } from "../panels.js";
import { blankPanel } from "../placed-panels.js";
import { SHOW_EPOCH } from "../show-epoch.js";
import { cellColor } from "../theme.js";
import { epochTicks, type Measure, measureOf, sweepEpochScale } from "./measures.js";
import { type CellList, type DrawnRun, paintList, paintListDots, pointsOf, tipAt, valueAt } from "./overlay-parts.js";
import { lastEpoch, placeCells, type Sweep, type SweepTables } from "./sweep.js";
import { curveRows } from "./sweep-curves.js";
import type { SweepRow } from "./sweep-rows.js";

const NARROW = 640;
/** Height of the chart of curves: as the list beside it, within bounds. */
const CURVES = { least: 330, most: 430 };
const ROW = 21;
const MARGINS = { top: 42, right: 10, bottom: 50 };
const CLIP = "sweep-overlay-past";
/** Test accuracy that counts as knowing the table, as in “grokked”. */
const KNOWN = 0.95;

function layout(sweep: Sweep, width: number) {
  const cells = sweep.grid.cells.length;
  const list = MARGINS.top + cells * ROW + 24;
  if (width < NARROW) {
    const listY = CURVES.least + 16;
    return { curves: { width, height: CURVES.least }, listX: 0, listY, listWidth: width, height: listY + list };
  }
  const listWidth = Math.min(370, Math.round(width * 0.38));
  const height = Math.min(CURVES.most, Math.max(CURVES.least, list));
  const curves = { width: width - listWidth - 34, height };
  return { curves, listX: width - listWidth, listY: 0, listWidth, height: Math.max(height, list) };
}

/** Epochs at which the animation has a picture, ascending: even steps of its axis. */
export function animationStops(kind: unknown, last: number, count = 60): number[] {
  const { type, domain } = sweepEpochScale([], kind, last);
  const [low, high] = domain;
  const at = (t: number) => Math.round(type === "log" ? low * (high / low) ** t : low + (high - low) * t);
  return [...new Set(Array.from({ length: count + 1 }, (_, i) => at(i / count)))];
}

function draw(sweep: Sweep, tables: SweepTables, options: FigureOptions): SVGSVGElement {
  const { theme, width, document } = options;
  const { cells } = placeCells(sweep, tables.rows);
  const measure = measureOf(options.measure);
  const scale = sweepEpochScale(tables.curves, options.scale, lastEpoch(sweep));
  const domain = measure.domain(tables.curves);
  const { curves: frame, listX, listY, listWidth, height } = layout(sweep, width);
  const chart = axes(measure, domain, scale, frame, options);
  const x = (epoch: number) => chart.scale("x")?.apply(epoch) as number;
  const y = (value: number) => chart.scale("y")?.apply(value) as number;
  const byRun = group(tables.curves, ({ run }) => run);
  const runs = cells.flatMap((cell, i) =>
    cell.runs.map((run): DrawnRun => {
      const points = pointsOf(byRun.get(run.run) ?? [], measure, x, scale.domain[0]);
      return { run, cell, color: cellColor(i, cells.length), points };
    }),
  );
  const titleWidth = 22 + Math.max(0, ...cells.map(({ title }) => title.length)) * 6.5 + 12;
  const list: CellList = {
    ...{ cells, runs, measure, domain, top: MARGINS.top + 12, step: ROW },
    track: [Math.min(titleWidth, listWidth * 0.6), listWidth - 22],
  };

  const root = blankPanel(width, height, options);
  root.setAttribute("viewBox", `0 0 ${width} ${height}`);
  root.setAttribute("font-family", theme.fontFamily);
  root.setAttribute("fill", theme.ink);
  chart.setAttribute("overflow", "visible");
  root.append(chart);
  const clip = select(root).append("clipPath").attr("id", CLIP).append("rect").attr("height", frame.height);
  const faint = select(root).append("g").attr("fill", "none").attr("stroke-width", 1.25).attr("stroke-opacity", 0.25);
  const strong = select(root).append("g").attr("fill", "none").attr("stroke-width", 1.75);
  strong.attr("clip-path", `url(#${CLIP})`).attr("stroke-linejoin", "round");
  for (const { points, color, cell } of runs) {
    const path = points.map((point, i) => `${i ? "L" : "M"}${point.x},${y(point.value)}`).join("");
    for (const layer of [faint, strong]) {
      layer.append("path").attr("d", path).attr("stroke", color).attr("data-cell", cell.cell.cell);
    }
  }
  const tips = select(root).append("g");
  const side = select(root).append("g").attr("transform", `translate(${listX},${listY})`);
  const heading = side
    .append("text")
    .attr("y", MARGINS.top - 22)
    .attr("font-size", 12)
    .attr("font-weight", 500);
  paintList(side.node() as SVGGElement, list, options);
  const dots = side.append("g").attr("pointer-events", "none").node() as SVGGElement;

  const paint = (epoch: number) => {
    const pen = x(Math.min(scale.domain[1], Math.max(scale.domain[0], epoch)));
    clip.attr("width", pen + 1);
    paintTips(tips.node() as SVGGElement, { runs, pen, epoch, y, height: frame.height }, options);
    heading.text(`Test ${measure.label} at epoch ${formatEpoch(epoch)}`);
    paintListDots(dots, list, epoch, options);
  };
  const epoch = Math.min(options.epoch ?? scale.domain[1], scale.domain[1]);
  paint(epoch);
  if (options.interactive) {
    root.addEventListener(SHOW_EPOCH, (event) => paint((event as CustomEvent<number>).detail));
    emphasize(root);
  }
  for (const mark of root.querySelectorAll("[aria-label]")) mark.removeAttribute("aria-label");
  const text = {
    ariaLabel: `Test ${measure.name} of all runs against epoch, and where every cell stands at epoch ${formatEpoch(epoch)}`,
    ariaDescription: claim(sweep, tables, epoch),
  };
  return markAxis(finishFigure(root, text, document), scale, [x(scale.domain[0]), x(scale.domain[1])]);
}

/** The chart without its curves. */
function axes(
  measure: Measure,
  domain: [number, number],
  scale: EpochScale,
  { width, height }: { width: number; height: number },
  options: FigureOptions,
) {
  const { theme, document } = options;
  const ticks = measure.ticks(domain);
  return Plot.plot({
    document,
    width,
    height,
    ...{ marginTop: MARGINS.top, marginRight: MARGINS.right, marginBottom: MARGINS.bottom, marginLeft: 52 },
    style: { fontSize: "12px", fontFamily: "inherit", background: "none", overflow: "visible", color: theme.muted },
    x: { type: scale.type, domain: scale.domain, axis: null },
    y: { type: measure.type, domain, axis: null },
    marks: [
      Plot.gridY({ ticks, stroke: theme.rule, strokeOpacity: 0.7 }),
      Plot.axisY({ label: null, ticks, tickSize: 0, fill: theme.muted, text: measure.tickText }),
      Plot.axisX({
        ...{
          anchor: "bottom" as const,
          label: scale.label,
          labelAnchor: "center" as const,
          labelArrow: "none" as const,
          labelOffset: 36,
        },
        ...{ ticks: epochTicks(scale, 5), text: formatEpoch, tickSize: 4, fill: theme.muted, stroke: theme.muted },
      }),
      Plot.frame({ anchor: "bottom", stroke: theme.muted, strokeOpacity: 0.6 }),
      Plot.text([`test ${measure.label}`], {
        ...{ frameAnchor: "top-left", textAnchor: "start", lineAnchor: "bottom", dx: -50, dy: -20 },
        ...{ fill: theme.ink, fontWeight: 500 },
      }),
    ],
  }) as unknown as SVGSVGElement & Plot.Plot;
}

interface Tips {
  runs: readonly DrawnRun[];
  /** Pixel of the epoch. */
  pen: number;
  epoch: number;
  y(value: number): number;
  /** Of the chart. */
  height: number;
}

/** The rule at the epoch, and a dot at the tip of every curve; hollow once its run has ended. */
function paintTips(parent: SVGGElement, { runs, pen, epoch, y, height }: Tips, { theme }: FigureOptions): void {
  const layer = select(parent);
  layer.selectAll("*").remove();
  layer
    .append("path")
    .attr("d", `M${pen},${MARGINS.top - 6}V${height - MARGINS.bottom}`)
    .attr("stroke", theme.ink)
    .attr("stroke-opacity", 0.45);
  for (const { run, color, points } of runs) {
    if (!points.length) continue;
    const tip = tipAt(points, pen, y);
    const dot = layer.append("circle").attr("cx", tip.x).attr("cy", tip.y).attr("r", 3.5);
    dot
      .attr("fill", epoch > run.ended ? theme.background : color)
      .attr("stroke", color)
      .attr("stroke-width", 1.5);
  }
}

/** The row under the pointer keeps its curves; the others step back. */
function emphasize(root: SVGSVGElement): void {
  const mark = (cell: string | null) => {
    for (const path of root.querySelectorAll<SVGPathElement>("path[data-cell]")) {
      path.style.opacity = cell === null || path.dataset.cell === cell ? "" : "0.12";
    }
  };
  for (const row of root.querySelectorAll<SVGGElement>("g[data-cell]")) {
    row.addEventListener("pointerenter", () => mark(row.dataset.cell as string));
    row.addEventListener("pointerleave", () => mark(null));
  }
}

/** Lets a click in the curves choose the epoch. */
function markAxis(svg: SVGSVGElement, { type, domain }: EpochScale, range: [number, number]): SVGSVGElement {
  svg.setAttribute("data-epoch-axis", JSON.stringify({ type, domain, range }));
  return svg;
}

/** Test accuracy at the last evaluation up to an epoch. */
function accuracies({ rows, curves }: SweepTables, epoch: number): { run: SweepRow; accuracy: number }[] {
  const byRun = group(curves, ({ run }) => run);
  return rows.flatMap((run) => {
    const points = (byRun.get(run.run) ?? []).map((row) => ({ epoch: row.epoch, x: 0, value: row.test_accuracy }));
    const at = valueAt(points, epoch);
    return at ? [{ run, accuracy: at.value }] : [];
  });
}

function claim(sweep: Sweep, tables: SweepTables, epoch = Number.POSITIVE_INFINITY): string {
  const cells = sweep.grid.cells.length;
  const found = accuracies(tables, epoch);
  if (!found.length) return `None of the ${cells} cells is trained yet`;
  const known = found.filter(({ accuracy }) => accuracy >= KNOWN).length;
  const when = epoch >= lastEpoch(sweep) ? "Where they end" : `At epoch ${formatEpoch(epoch)}`;
  const all = `${formatCount(found.length)} run${found.length === 1 ? "" : "s"}`;
  const know = known === 0 ? `none of ${all} knows` : known === 1 ? `1 of ${all} knows` : `${known} of ${all} know`;
  return `${when}, ${know} at least 95\u00a0% of the held-out pairs`;
}

/** Test curves of all runs over one another, as an animation over epochs. */
export const sweepOverlay = (sweep: Sweep, number = 2): Figure<SweepTables> => ({
  id: "sweep-overlay",
  number,
  name: "All runs together",
  height: (width) => layout(sweep, width).height,
  gap: () => (sweep.grid.cells.length ? null : "the list of sweeps has no cells of this one"),
  claim: (tables, { epoch }) => claim(sweep, tables, epoch),
  headline(tables, { epoch }) {
    const label = "share of runs with a test accuracy of at least 95\u00a0%";
    const found = accuracies(tables, epoch ?? Number.POSITIVE_INFINITY);
    if (!found.length) return { label, value: null, text: "no runs" };
    const value = found.filter(({ accuracy }) => accuracy >= KNOWN).length / found.length;
    return { label, value, text: formatPercent(value, 0) };
  },
  draw: (tables, options) => draw(sweep, tables, options),
  rows: (tables) => curveRows(sweep, tables),
  caption:
    "One line per run, coloured by its cell as in the list; the list shows where each cell stands at the epoch of the " +
    "rule. A hollow point: the run had ended by then. Play, or click in the curves to move the rule.",
  guidance: {
    shows: "The test curves of the whole sweep over one another, and the state of every cell at one epoch.",
    reading:
      "Play it and watch the list: the points of the list jump to the right one after another, in the order of what is " +
      "swept or out of it. Point at a row of the list to see its curves alone.",
    normal:
      "Curves of nearly one shape that start at different epochs; in the list, a front that runs through the cells from " +
      "one end to the other.",
    wrong:
      "Points that run back to the left: a run that knew the table has lost it. A front that jumps over cells: chance, or " +
      "too few seeds. Hollow points in the middle: runs that were stopped before they were done.",
  },
});
