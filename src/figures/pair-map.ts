/** A map over all pairs: the first coordinate runs to the right, the second upwards, as in a chart. */
import { select, ticks } from "d3";
import type { ColorScale } from "./color-maps.js";
import type { FigureOptions } from "./figure.js";
import { type Frame, gridImage } from "./pixel-grid.js";

export interface PairMap {
  /** [size, size], row of the first coordinate. */
  values: ArrayLike<number>;
  size: number;
  axes: readonly [string, string];
  /** Code a·p + b of the pair at (x, y), index x·size + y; [size²] */
  codes: ArrayLike<number>;
  modulus: number;
  colors: ColorScale;
}

export interface PairMapText {
  /** What the pointer reads at a pair, after the pair itself. */
  describe?: (at: number) => string;
  /** Names and numbers of the coordinates, where neighbouring maps do not have them. */
  left?: boolean;
  bottom?: boolean;
  /** Pair that is marked, code a·p + b. */
  marked?: number;
  /** Whether a click chooses a pair: the choices a and b of the page. */
  choosesPair?: boolean;
}

/** Room for the numbers and the name of a coordinate. */
export const PAIR_MAP_MARGIN = { left: 44, bottom: 36 };

/** Draws a map into `parent`, the axes outside the frame. */
export function drawPairMap(
  parent: SVGElement,
  { values, size, axes, codes, modulus, colors }: PairMap,
  frame: Frame,
  { describe, left = true, bottom = true, marked, choosesPair }: PairMapText,
  options: FigureOptions,
): void {
  const { theme } = options;
  // The image has its first row on top: the highest second coordinate.
  const upright = Float32Array.from(values, (_, i) => values[(i % size) * size + (size - 1 - Math.floor(i / size))]);
  const indexAt = (column: number, row: number) => column * size + (size - 1 - row);
  const pairAt = (column: number, row: number) => {
    const code = codes[indexAt(column, row)];
    return { a: Math.floor(code / modulus), b: code % modulus };
  };
  const reading = {
    describe: (column: number, row: number) => {
      const { a, b } = pairAt(column, row);
      return `a = ${a}, b = ${b}\n${describe?.(indexAt(column, row)) ?? ""}`.trim();
    },
    ...(choosesPair ? { choose: pairAt } : {}),
  };
  parent.append(
    gridImage({ values: upright, width: size, height: size, color: colors.color }, frame, reading, options),
  );
  const group = select(parent)
    .append("g")
    .attr("font-size", 12)
    .attr("fill", theme.muted)
    .attr("pointer-events", "none");
  const across = (x: number) => frame.x + ((x + 0.5) / size) * frame.width;
  const up = (y: number) => frame.y + (1 - (y + 0.5) / size) * frame.height;
  const numbers = ticks(0, size - 1, frame.width < 140 ? 3 : 5);
  if (bottom) {
    const base = frame.y + frame.height;
    for (const x of numbers) {
      group
        .append("line")
        .attr("x1", across(x))
        .attr("x2", across(x))
        .attr("y1", base)
        .attr("y2", base + 4)
        .attr("stroke", theme.muted);
      group
        .append("text")
        .attr("x", across(x))
        .attr("y", base + 16)
        .attr("text-anchor", "middle")
        .text(x);
    }
    group
      .append("text")
      .attr("x", frame.x + frame.width / 2)
      .attr("y", base + 31)
      .attr("text-anchor", "middle")
      .attr("fill", theme.ink)
      .text(axes[0]);
  }
  if (left) {
    for (const y of numbers) {
      group
        .append("line")
        .attr("x1", frame.x - 4)
        .attr("x2", frame.x)
        .attr("y1", up(y))
        .attr("y2", up(y))
        .attr("stroke", theme.muted);
      group
        .append("text")
        .attr("x", frame.x - 7)
        .attr("y", up(y) + 4)
        .attr("text-anchor", "end")
        .text(y);
    }
    const middle = frame.y + frame.height / 2;
    group
      .append("text")
      .attr("transform", `translate(${frame.x - 34},${middle}) rotate(-90)`)
      .attr("text-anchor", "middle")
      .attr("fill", theme.ink)
      .text(axes[1]);
  }
  const at = marked === undefined ? -1 : Array.prototype.indexOf.call(codes, marked);
  if (at >= 0) {
    const ring = (color: string, width: number) =>
      group
        .append("circle")
        .attr("cx", across(Math.floor(at / size)))
        .attr("cy", up(at % size))
        .attr("r", 5)
        .attr("fill", "none")
        .attr("stroke", color)
        .attr("stroke-width", width);
    ring(theme.background, 4);
    ring(theme.ink, 1.5);
  }
}
