/** Σw² of every tensor at some checkpoints: a table whose cells are bars on one scale. */
import { select } from "d3";
import { TENSORS, type TensorName } from "../../derivations/weights/choices.js";
import type { FigureOptions } from "../figure.js";
import { formatCount, formatEpoch, formatNumber } from "../format.js";

export interface SquaresColumn {
  epoch: number;
  squares: Record<TensorName, number>;
}

const HEADER = 44;
const ROW = 20;
const NAMES = 52;

export const SQUARES_HEIGHT = HEADER + (TENSORS.length + 1) * ROW + 6;

export const totalOf = (squares: Record<TensorName, number>) => TENSORS.reduce((sum, name) => sum + squares[name], 0);

/** Draws the table into a panel of the figure's width; the row of one tensor is set off. */
export function drawSquares(
  root: SVGElement,
  columns: readonly SquaresColumn[],
  chosen: TensorName,
  { theme, width }: FigureOptions,
): void {
  const group = select(root).append("g").attr("font-size", 12);
  const write = (text: string, x: number, y: number, { fill = theme.ink, weight = 400, anchor = "start" } = {}) =>
    group
      .append("text")
      .attr("x", x)
      .attr("y", y)
      .attr("fill", fill)
      .attr("font-weight", weight)
      .attr("text-anchor", anchor)
      .text(text);
  const each = Math.min(220, (width - NAMES) / columns.length);
  const narrow = each < 90;
  const largest = Math.max(...columns.flatMap(({ squares }) => TENSORS.map((name) => squares[name])));
  const length = (value: number) => (value / largest) * (each - (narrow ? 34 : 52));
  write("sum of squared weights, by tensor", 2, 13, { weight: 600 });
  columns.forEach(({ epoch, squares }, i) => {
    const x = NAMES + i * each;
    write(narrow ? formatEpoch(epoch) : `epoch ${formatEpoch(epoch)}`, x, 36, { fill: theme.muted });
    TENSORS.forEach((name, row) => {
      const y = HEADER + row * ROW;
      group
        .append("rect")
        .attr("x", x)
        .attr("y", y + 4)
        .attr("width", Math.max(0.5, length(squares[name])))
        .attr("height", ROW - 8)
        .attr("fill", name === chosen ? theme.accent : theme.other);
      write(valueText(squares[name]), x + length(squares[name]) + 4, y + 14);
    });
    write(formatCount(totalOf(squares)), x, HEADER + TENSORS.length * ROW + 18, { weight: 700 });
  });
  TENSORS.forEach((name, row) => {
    const weight = name === chosen ? 700 : 400;
    write(name, NAMES - 8, HEADER + row * ROW + 14, { anchor: "end", weight });
  });
  const base = HEADER + TENSORS.length * ROW + 2;
  group
    .append("line")
    .attr("x1", 0)
    .attr("x2", NAMES + each * columns.length)
    .attr("y1", base)
    .attr("y2", base)
    .attr("stroke", theme.rule);
  write("all", NAMES - 8, base + 16, { anchor: "end", weight: 700 });
}

const valueText = (value: number) => (value >= 10 ? formatCount(value) : formatNumber(value, value >= 1 ? 2 : 1));
