/** The attention of one input as a square of cells. */
import { select } from "d3";
import type { HeadOnInput } from "../../derivations/attention/attention-by-input.js";
import { POSITIONS } from "../../model/forward.js";
import type { ColorScale } from "../color-maps.js";
import type { FigureOptions } from "../figure.js";
import { formatNumber } from "../format.js";
import type { Frame } from "../pixel-grid.js";

/** The 3 × 3 attention of one head; positions look only back, so the upper triangle is empty. */
export function drawCells(
  root: SVGElement,
  head: HeadOnInput,
  { a, b }: { a: number; b: number },
  frame: Frame,
  named: boolean,
  colors: ColorScale,
  { theme }: FigureOptions,
) {
  const names = [`a = ${a}`, `b = ${b}`, "="];
  const cell = frame.width / POSITIONS;
  const group = select(root).append("g").attr("font-size", 12).attr("text-anchor", "middle");
  for (let from = 0; from < POSITIONS; from++) {
    for (let to = 0; to < POSITIONS; to++) {
      const value = head.matrix[from * POSITIONS + to];
      const [left, top] = [frame.x + to * cell, frame.y + from * cell];
      const box = group
        .append("rect")
        .attr("x", left + 1)
        .attr("y", top + 1)
        .attr("width", cell - 2)
        .attr("height", cell - 2);
      if (to > from) {
        box.attr("fill", "none").attr("stroke", theme.rule).attr("stroke-dasharray", "2 3");
        continue;
      }
      box
        .attr("fill", colors.css(value))
        .append("title")
        .text(`head ${head.head}: ${names[from]} attends to ${names[to]} with ${formatNumber(value, 4)}`);
      group
        .append("text")
        .attr("x", left + cell / 2)
        .attr("y", top + cell / 2 + 4)
        .attr("fill", readableOn(colors.color(value)))
        .attr("font-weight", from === 2 ? 600 : 400)
        .attr("pointer-events", "none")
        .text(value.toFixed(2));
    }
  }
  names.forEach((name, to) => {
    group
      .append("text")
      .attr("x", frame.x + (to + 0.5) * cell)
      .attr("y", frame.y + frame.height + 15)
      .attr("fill", theme.muted)
      .text(name);
  });
  group
    .append("text")
    .attr("x", frame.x + frame.width / 2)
    .attr("y", frame.y + frame.height + 30)
    .attr("fill", theme.ink)
    .text("attends to");
  if (!named) return;
  ["a", "b", "="].forEach((name, from) => {
    group
      .append("text")
      .attr("x", frame.x - 8)
      .attr("y", frame.y + (from + 0.5) * cell + 4)
      .attr("text-anchor", "end")
      .attr("fill", theme.muted)
      .text(name);
  });
  group
    .append("text")
    .attr("transform", `translate(${frame.x - 30},${frame.y + frame.height / 2}) rotate(-90)`)
    .attr("fill", theme.ink)
    .text("position");
}

/** Black or white, whichever has the greater contrast to a colour (WCAG 2.2, relative luminance). */
function readableOn(color: readonly [number, number, number]): string {
  const [red, green, blue] = color.map((c) => (c / 255 <= 0.04045 ? c / 3294.6 : ((c / 255 + 0.055) / 1.055) ** 2.4));
  const luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  return (luminance + 0.05) ** 2 > 1.05 * 0.05 ? "#000000" : "#ffffff";
}
