/** Panels side by side: plots and drawings, each at its own place, as one block for `stackPanels`. */
import { select } from "d3";
import type { FigureOptions } from "./figure.js";

const SVG = "http://www.w3.org/2000/svg";

export interface PlacedPanel {
  panel: SVGSVGElement | HTMLElement;
  x: number;
  y: number;
}

/** One SVG element of the figure's width that holds panels at their places. */
export function placePanels(
  panels: readonly PlacedPanel[],
  height: number,
  { document, width }: FigureOptions,
): SVGSVGElement {
  const root = document.createElementNS(SVG, "svg") as SVGSVGElement;
  root.setAttribute("width", String(width));
  root.setAttribute("height", String(height));
  for (const { panel, x, y } of panels) {
    panel.setAttribute("x", String(x));
    panel.setAttribute("y", String(y));
    panel.setAttribute("overflow", "visible");
    root.append(panel);
  }
  return root;
}

/** An empty panel to draw into. */
export function blankPanel(width: number, height: number, { document }: FigureOptions): SVGSVGElement {
  const panel = document.createElementNS(SVG, "svg") as SVGSVGElement;
  panel.setAttribute("width", String(width));
  panel.setAttribute("height", String(height));
  return panel;
}

/** Two lines above a panel: what it is, and what is measured of it. */
export function panelTitle(
  parent: SVGElement,
  { x, y }: { x: number; y: number },
  { name, detail, color }: { name: string; detail?: string; color?: string },
  { theme }: FigureOptions,
): void {
  const write = (text: string, dy: number) =>
    select(parent)
      .append("text")
      .attr("x", x)
      .attr("y", y + dy)
      .text(text);
  write(name, 0)
    .attr("font-size", 13)
    .attr("font-weight", 600)
    .attr("fill", color ?? theme.ink);
  if (detail) write(detail, 17).attr("font-size", 12).attr("fill", theme.muted);
}
