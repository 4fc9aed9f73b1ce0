/** Bars of shares by matrix, with what they would be if all rows were alike. */
import { select } from "d3";
import type { FigureOptions } from "../figure.js";
import { formatPercent } from "../format.js";
import type { Frame } from "../pixel-grid.js";

const NAME_WIDTH = 46;
const VALUE_WIDTH = 52;

export interface ShareBars {
  label: string;
  bars: readonly { name: string; share: number | null }[];
  /** A line across all bars. */
  even: { share: number; label: string } | null;
}

/** Draws the bars into a frame, the label in its first line. */
export function drawShareBars(
  root: SVGElement,
  { label, bars, even }: ShareBars,
  frame: Frame,
  { theme }: FigureOptions,
) {
  const group = select(root).append("g").attr("font-size", 12);
  const top = frame.y + 8;
  const each = Math.min(22, (frame.height - 8 - (even ? 20 : 0)) / bars.length);
  const left = frame.x + NAME_WIDTH;
  const length = frame.width - NAME_WIDTH - VALUE_WIDTH;
  const write = (text: string, x: number, y: number, fill: string, anchor = "start", weight = 400) =>
    group
      .append("text")
      .attr("x", x)
      .attr("y", y)
      .attr("text-anchor", anchor)
      .attr("fill", fill)
      .attr("font-weight", weight)
      .text(text);
  write(label, frame.x, frame.y - 8, theme.ink, "start", 600);
  bars.forEach(({ name, share }, i) => {
    const y = top + i * each;
    write(name, left - 8, y + each / 2 + 4, theme.ink, "end");
    group
      .append("rect")
      .attr("x", left)
      .attr("y", y + 0.16 * each)
      .attr("width", length * (share ?? 0))
      .attr("height", 0.68 * each)
      .attr("fill", theme.accent);
    const text = share === null ? "no key rows" : formatPercent(share);
    write(text, left + length * (share ?? 0) + 6, y + each / 2 + 4, theme.ink);
  });
  if (!even) return;
  const x = left + length * even.share;
  const bottom = top + bars.length * each;
  group
    .append("line")
    .attr("x1", x)
    .attr("x2", x)
    .attr("y1", top)
    .attr("y2", bottom + 4)
    .attr("stroke", theme.ink)
    .attr("stroke-dasharray", "3 2");
  write(`${even.label}: ${formatPercent(even.share)}`, Math.max(left, x - 4), bottom + 17, theme.muted);
}
