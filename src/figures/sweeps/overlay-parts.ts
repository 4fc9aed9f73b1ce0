/** What moves in the overlay of a sweep: where every run stands at an epoch, on its curve and in the list of cells. */
import { bisector, select } from "d3";
import type { FigureOptions } from "../figure.js";
import { cellColor } from "../theme.js";
import type { Measure } from "./measures.js";
import type { PlacedCell } from "./sweep.js";
import type { CurveRow, SweepRow } from "./sweep-rows.js";

/** One run with its curve in pixels. */
export interface DrawnRun {
  run: SweepRow;
  cell: PlacedCell;
  color: string;
  /** Evaluations on the axis: epoch, pixel, value. */
  points: { epoch: number; x: number; value: number }[];
}

const byEpoch = bisector<{ epoch: number }, number>(({ epoch }) => epoch);

/** The last evaluation up to an epoch; the first one before there is any. */
export const valueAt = (points: DrawnRun["points"], epoch: number) =>
  points[Math.max(0, byEpoch.right(points, epoch) - 1)];

/** Where the curve stands when its pen is at pixel x: between two evaluations on the line between them. */
export function tipAt(points: DrawnRun["points"], x: number, y: (value: number) => number): { x: number; y: number } {
  const after = points.findIndex((point) => point.x > x);
  if (after === 0) return { x: points[0].x, y: y(points[0].value) };
  const from = points[after < 0 ? points.length - 1 : after - 1];
  if (after < 0) return { x: from.x, y: y(from.value) };
  const to = points[after];
  const share = (x - from.x) / (to.x - from.x);
  return { x, y: y(from.value) + share * (y(to.value) - y(from.value)) };
}

export interface CellList {
  cells: readonly PlacedCell[];
  runs: readonly DrawnRun[];
  measure: Measure;
  domain: readonly [number, number];
  /** Left and right pixel of the tracks. */
  track: readonly [number, number];
  /** Pixel of the first row, and pixels from row to row. */
  top: number;
  step: number;
}

/** Pixel of a value on the tracks. */
export function onTrack({ measure, domain, track }: Pick<CellList, "measure" | "domain" | "track">, value: number) {
  const at = (v: number) => (measure.type === "log" ? Math.log(Math.max(v, domain[0])) : v);
  const share = (at(value) - at(domain[0])) / (at(domain[1]) - at(domain[0]));
  return track[0] + Math.min(1, Math.max(0, share)) * (track[1] - track[0]);
}

/** What stands still of the list: colours, names, tracks with their numbers, and which cells are missing. */
export function paintList(parent: SVGElement, list: CellList, { theme }: FigureOptions): void {
  const { cells, track, top, step, measure, domain } = list;
  const bottom = top + cells.length * step - step / 2;
  const group = select(parent).append("g").attr("font-size", 12);
  for (const tick of measure.ticks(domain)) {
    const x = onTrack(list, tick);
    group
      .append("path")
      .attr("d", `M${x},${top - step / 2}V${bottom}`)
      .attr("stroke", theme.rule);
    const words = group
      .append("text")
      .attr("x", x)
      .attr("y", bottom + 15)
      .attr("text-anchor", "middle");
    words.attr("fill", theme.muted).attr("font-size", 11).text(measure.tickText(tick));
  }
  cells.forEach((cell, i) => {
    const y = top + i * step;
    const row = group.append("g").attr("data-cell", cell.cell.cell);
    if (cell.runs.length) {
      const line = row.append("path").attr("d", `M0,${y}H16`).attr("stroke", cellColor(i, cells.length));
      line.attr("stroke-width", 2.5);
    }
    const name = row.append("text").attr("x", 22).attr("y", y).attr("dy", "0.32em").text(cell.title);
    name.attr("fill", cell.runs.length ? theme.ink : theme.muted);
    if (cell.runs.length) {
      row.append("path").attr("d", `M${track[0]},${y}H${track[1]}`).attr("stroke", theme.grid);
    } else {
      const missing = row.append("text").attr("x", track[0]).attr("y", y).attr("dy", "0.32em");
      missing.attr("fill", theme.muted).attr("font-style", "italic").text("not trained yet");
      missing.attr("stroke", theme.background).attr("stroke-width", 3).attr("paint-order", "stroke");
    }
    // The whole row answers the pointer, not only its letters.
    const target = row
      .append("rect")
      .attr("x", 0)
      .attr("y", y - step / 2)
      .attr("height", step);
    target.attr("width", track[1]).attr("fill", "transparent");
  });
}

/** Dots of the list at an epoch; hollow once the run has ended. */
export function paintListDots(parent: SVGElement, list: CellList, epoch: number, { theme }: FigureOptions): void {
  const group = select(parent);
  group.selectAll("*").remove();
  for (const { run, cell, color, points } of list.runs) {
    const value = valueAt(points, epoch)?.value;
    if (value === undefined) continue;
    const dot = group.append("circle").attr("cx", onTrack(list, value));
    dot.attr("cy", list.top + list.cells.indexOf(cell) * list.step).attr("r", 4);
    dot
      .attr("fill", epoch > run.ended ? theme.background : color)
      .attr("stroke", color)
      .attr("stroke-width", 1.5);
  }
}

export const pointsOf = (rows: readonly CurveRow[], measure: Measure, x: (epoch: number) => number, first: number) =>
  rows
    .filter((row) => {
      const value = row[measure.test];
      return row.epoch >= first && Number.isFinite(value) && (measure.type !== "log" || value > 0);
    })
    .map((row) => ({ epoch: row.epoch, x: x(row.epoch), value: row[measure.test] }));
