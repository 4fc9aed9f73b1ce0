/** Maps of heads or neurons side by side: one row of blocks where there is room, more where there is not. */
import { select } from "d3";
import type { FigureOptions } from "./figure.js";
import { PAIR_MAP_MARGIN } from "./pair-map.js";

const GAP = 18;
const NARROW = 640;
/** Pixels: a map needs no more. */
const LARGEST = 250;

export interface MapColumns {
  columns: number;
  rows: number;
  /** Side of the square of one map. */
  side: number;
  /** Left edge of the square in a column. */
  x(column: number): number;
}

/** @param count number of blocks; more than four go on a second row */
export function mapColumns(width: number, count: number): MapColumns {
  const most = width < NARROW ? 2 : 4;
  const rows = Math.ceil(count / most);
  const columns = Math.min(count, most);
  const room = (width - PAIR_MAP_MARGIN.left - 2 - GAP * (most - 1)) / most;
  const side = Math.floor(Math.min(LARGEST, room));
  return { columns, rows, side, x: (column) => PAIR_MAP_MARGIN.left + column * (side + GAP) };
}

export interface MapTitle {
  name: string;
  /** Its frequency in words, written in `color`. */
  wave: string;
  color: string;
  /** A line each. */
  detail: string | readonly string[];
}

/** Lines above a block: its name and wave, and what is measured of it. @param y baseline of the first */
export function mapTitle(
  root: SVGElement,
  { x, y }: { x: number; y: number },
  { theme }: FigureOptions,
  { name, wave, color, detail }: MapTitle,
): void {
  const title = select(root).append("text").attr("x", x).attr("y", y).attr("font-size", 13).attr("font-weight", 600);
  title.append("tspan").attr("fill", theme.ink).text(name);
  if (wave) title.append("tspan").attr("dx", 8).attr("fill", color).text(wave);
  [detail].flat().forEach((line, i) => {
    select(root)
      .append("text")
      .attr("x", x)
      .attr("y", y + 16 * (i + 1))
      .attr("font-size", 12)
      .attr("fill", theme.muted)
      .text(line);
  });
}
