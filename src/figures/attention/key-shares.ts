/** A line under the attention maps: how much of each key frequency is in them, so that one that is missing is seen. */
import { select } from "d3";
import type { AttentionPattern, AttentionPatternsData } from "../../derivations/attention/attention-patterns.js";
import type { FigureOptions } from "../figure.js";
import { formatPercent } from "../format.js";
import { PAIR_MAP_MARGIN } from "../pair-map.js";
import { blankPanel } from "../placed-panels.js";
import { keyColor } from "../theme.js";

export const KEY_SHARES_HEIGHT = 44;
/** Pixels of "k = 17: 87.0 %", and of the same without "k = " where there is little room. */
const ENTRY = { wide: 92, narrow: 70 };
const NARROW = 480;

/** Of each key frequency the largest share in any of the maps shown, as many as there is room for. */
export function keyShares(
  { ranked }: AttentionPatternsData,
  patterns: readonly AttentionPattern[],
  options: FigureOptions,
): SVGSVGElement {
  const { theme, width } = options;
  const panel = blankPanel(width, KEY_SHARES_HEIGHT, options);
  const isNarrow = width < NARROW;
  const entry = isNarrow ? ENTRY.narrow : ENTRY.wide;
  const count = Math.min(patterns[0].keyShares.length, Math.floor((width - PAIR_MAP_MARGIN.left) / entry));
  if (!count) return panel;
  const text = select(panel).append("g").attr("font-size", 12);
  const words =
    patterns.length > 1 ? "key frequencies, and the most of each in any head" : "share of each key frequency";
  text.append("text").attr("x", PAIR_MAP_MARGIN.left).attr("y", 13).attr("fill", theme.muted).text(words);
  for (let i = 0; i < count; i++) {
    const most = Math.max(...patterns.map((pattern) => pattern.keyShares[i]));
    text
      .append("text")
      .attr("x", PAIR_MAP_MARGIN.left + i * entry)
      .attr("y", 31)
      .attr("fill", keyColor(theme, ranked, ranked[i]))
      .attr("font-weight", 600)
      .text(`${isNarrow ? "" : "k = "}${ranked[i]}: ${formatPercent(most)}`);
  }
  return panel;
}
