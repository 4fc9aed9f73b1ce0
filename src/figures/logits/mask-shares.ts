/** How much of the logits' variance each mask keeps, as bars: a panel of figure 18. */
import { select } from "d3";
import type { Mask } from "../../analysis/wave-maps.js";
import type { MaskShare } from "../../derivations/logits/full-and-restricted.js";
import type { FigureOptions } from "../figure.js";
import { formatCount, formatPercent } from "../format.js";
import { blankPanel, panelTitle } from "../placed-panels.js";

const ROW = 44;
const TOP = 46;

/** What a mask keeps per key frequency, in the coordinates of the operation. */
export function maskWords(mask: Mask, [x, y]: readonly [string, string]): string {
  const both = `${x}${y.startsWith("−") ? ` − ${y.slice(1)}` : ` + ${y}`}`;
  if (mask === "directions") return `cos, sin of w(${both})`;
  return mask === "blocks" ? `{cos, sin}² of ${x}, ${y}` : `{1, cos, sin}² of ${x}, ${y}`;
}

export const maskSharesHeight = TOP + 3 * ROW;

export function maskShares(
  shares: readonly MaskShare[],
  chosen: Mask,
  axes: readonly [string, string],
  width: number,
  options: FigureOptions,
): SVGSVGElement {
  const { theme } = options;
  const panel = blankPanel(width, maskSharesHeight, options);
  panelTitle(
    panel,
    { x: 0, y: 13 },
    {
      name: "What each mask keeps",
      detail: width > 200 ? "share of the logits’ variance, R²" : "share of variance, R²",
    },
    options,
  );
  const group = select(panel).append("g").attr("font-size", 12);
  shares.forEach(({ mask, components, r2 }, i) => {
    const y = TOP + i * ROW;
    const isChosen = mask === chosen;
    const ink = isChosen ? theme.ink : theme.muted;
    const name = group
      .append("text")
      .attr("y", y + 10)
      .attr("fill", ink)
      .attr("font-weight", isChosen ? 600 : 400);
    name.append("tspan").text(`${formatCount(components)} ${mask}`);
    name
      .append("tspan")
      .attr("font-weight", 400)
      .attr("fill", theme.muted)
      .text(width > 230 ? `  ${maskWords(mask, axes)}` : "");
    const room = width - 52;
    group
      .append("rect")
      .attr("y", y + 17)
      .attr("width", room)
      .attr("height", 10)
      .attr("fill", theme.grid);
    group
      .append("rect")
      .attr("y", y + 17)
      .attr("width", Math.max(0, Math.min(1, r2)) * room)
      .attr("height", 10)
      .attr("fill", isChosen ? theme.accent : theme.other)
      .append("title")
      .text(`${mask}: ${components} components, R² = ${r2.toPrecision(6)}`);
    group
      .append("text")
      .attr("x", width)
      .attr("y", y + 26)
      .attr("text-anchor", "end")
      .attr("fill", ink)
      .attr("font-weight", isChosen ? 600 : 400)
      .text(r2 > 0 && r2 < 0.001 ? "< 0.1\u00a0%" : formatPercent(r2));
  });
  return panel;
}

/** A share that may be next to nothing. */
export const shareText = (share: number) =>
  share > 0 && share < 0.001 ? "less than 0.1\u00a0%" : formatPercent(share);
