/** Names of the pale bands, above the panels that have them: a band is often narrower than its name. */
import { select } from "d3";
import { PHASE_ROLE, type Phase } from "../epoch-axis.js";
import type { FigureOptions } from "../figure.js";

export const PHASE_LEGEND_HEIGHT = 20;
const SWATCH = { width: 16, height: 10 };
/** Pixels from a swatch to its name, and from a name to the next swatch: 340 pixels hold all three names. */
const GAPS = { name: 5, next: 14 };
/** Of the names in the site's font, which is wider than those that may stand in for it. */
const NAME_WIDTHS: Record<Phase["name"], number> = { memorization: 79, "circuit formation": 94, cleanup: 48 };

/** A swatch and a name for each phase that was found; an empty row of the same height where none was. */
export function phaseLegend(
  phases: readonly Pick<Phase, "name">[],
  { document, theme, width }: FigureOptions,
): SVGSVGElement {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg") as SVGSVGElement;
  const row = select(svg).attr("width", width).attr("height", PHASE_LEGEND_HEIGHT).attr("font-size", 12);
  let x = 2;
  for (const { name } of phases) {
    row
      .append("rect")
      .attr("x", x)
      .attr("y", 4)
      .attr("width", SWATCH.width)
      .attr("height", SWATCH.height)
      .attr("fill", theme[PHASE_ROLE[name]])
      .attr("stroke", theme.muted);
    x += SWATCH.width + GAPS.name;
    row.append("text").attr("x", x).attr("y", 13).attr("fill", theme.muted).text(name);
    x += NAME_WIDTHS[name] + GAPS.next;
  }
  return svg;
}
