/** Axes of a grid of Fourier components: the key frequencies by name and colour, the others by number. */
import { select } from "d3";
import { frequencyCount, rowsOf } from "../../analysis/fourier.js";
import type { FigureOptions } from "../figure.js";
import { spread } from "../line-labels.js";
import type { Frame } from "../pixel-grid.js";
import { keyColor } from "../theme.js";

/** Room around the grid: numbers below and at the left, key frequencies above and at the right. */
export const GRID_MARGIN = { top: 24, right: 26, bottom: 40, left: 44 };

const NAME_DISTANCE = 17;

export interface FrequencyAxes {
  /** Components per axis. */
  size: number;
  /** Names of the coordinates. */
  axes: readonly [string, string];
  keys: readonly number[] | null;
  ranked: readonly number[];
}

/** Middle of the components of a frequency, as a share of an axis with `size` components. */
export function middleOf(k: number, size: number): number {
  const rows = rowsOf(k, size);
  return (rows[0] + rows[rows.length - 1] + 1) / 2 / size;
}

/** Draws the axes around a grid whose first coordinate runs to the right and whose second runs upwards. */
export function drawFrequencyAxes(
  root: SVGSVGElement,
  { size, axes, keys, ranked }: FrequencyAxes,
  frame: Frame,
  { theme }: FigureOptions,
): void {
  const group = select(root).append("g").attr("pointer-events", "none");
  const base = frame.y + frame.height;
  const across = (share: number) => frame.x + share * frame.width;
  const up = (share: number) => base - share * frame.height;
  const write = (text: string, x: number, y: number, anchor: string, fill: string, weight = 400) =>
    group
      .append("text")
      .attr("x", x)
      .attr("y", y)
      .attr("text-anchor", anchor)
      .attr("fill", fill)
      .attr("font-weight", weight)
      .text(text);
  const line = (x1: number, y1: number, x2: number, y2: number, stroke: string) =>
    group.append("line").attr("x1", x1).attr("y1", y1).attr("x2", x2).attr("y2", y2).attr("stroke", stroke);
  const step = frame.width < 400 ? 20 : 10;
  for (let k = step; k <= frequencyCount(size); k += step) {
    const share = middleOf(k, size);
    line(across(share), base, across(share), base + 4, theme.muted);
    write(String(k), across(share), base + 16, "middle", theme.muted);
    line(frame.x - 4, up(share), frame.x, up(share), theme.muted);
    write(String(k), frame.x - 7, up(share) + 4, "end", theme.muted);
  }
  write(
    `component of ${axes[0]}: constant, then cos and sin of frequency k`,
    across(0.5),
    base + 34,
    "middle",
    theme.ink,
  );
  write(`component of ${axes[1]}`, 0, 0, "middle", theme.ink).attr(
    "transform",
    `translate(${frame.x - 32},${up(0.5)}) rotate(-90)`,
  );
  const named = keys ?? [];
  const shares = named.map((k) => middleOf(k, size));
  const xs = spread(shares.map(across), NAME_DISTANCE, frame.x, frame.x + frame.width);
  const ys = spread(shares.map(up), NAME_DISTANCE - 3, frame.y, base);
  named.forEach((k, i) => {
    const color = ranked.includes(k) ? keyColor(theme, ranked, k) : theme.ink;
    line(across(shares[i]), frame.y - 1, xs[i], frame.y - 6, color);
    write(String(k), xs[i], frame.y - 9, "middle", color, 700);
    line(frame.x + frame.width + 1, up(shares[i]), frame.x + frame.width + 6, ys[i], color);
    write(String(k), frame.x + frame.width + 8, ys[i] + 4, "start", color, 700);
  });
}
