/** A spectrum as bars beside a strip, each level with its row; the marked frequencies by name. */
import { select } from "d3";
import type { FigureOptions } from "../figure.js";
import { formatPercent } from "../format.js";

export interface SideBarsPlace {
  /** Pixels where the bars start, and where the longest ends. */
  start: number;
  end: number;
  /** Pixels from the top of a frequency. */
  y(k: number): number;
}

/** @param bars share of the energy of each frequency */
export function sideBars(
  bars: readonly { k: number; share: number }[],
  marked: readonly number[],
  color: (k: number) => string,
  { start, end, y }: SideBarsPlace,
  { document, theme }: FigureOptions,
): SVGGElement {
  const group = document.createElementNS("http://www.w3.org/2000/svg", "g") as SVGGElement;
  const thickness = Math.abs(y(1) - y(2));
  const longest = bars.reduce((max, { share }) => Math.max(max, share), 0) || 1;
  const length = (share: number) => (share / longest) * (end - start);
  for (const { k, share } of bars) {
    const isMarked = marked.includes(k);
    select(group)
      .append("rect")
      .attr("x", start)
      .attr("y", y(k) - 0.36 * thickness)
      .attr("width", Math.max(0.5, length(share)))
      .attr("height", 0.72 * thickness)
      .attr("fill", isMarked ? color(k) : theme.other)
      .append("title")
      .text(`k = ${k}: ${formatPercent(share)} of the energy`);
    if (!isMarked) continue;
    select(group)
      .append("text")
      .attr("x", start + length(share) + 4)
      .attr("y", y(k) + 4)
      .attr("fill", color(k))
      .attr("font-weight", 700)
      .attr("text-anchor", "start")
      .text(k);
  }
  return group;
}
