/** Several plots under one another as one SVG, and the finishing touches that every figure's SVG gets. */
import type { FigureOptions } from "./figure.js";

const SVG = "http://www.w3.org/2000/svg";

export interface PanelText {
  /** What is seen, in a few words. */
  ariaLabel: string;
  /** What it says, in a sentence or two. */
  ariaDescription: string;
}

/**
 * Stacks plots in one SVG of the figure's width.
 *
 * @param panels plots made with `Plot.plot`, each an SVG element with width and height, top to bottom
 * @param gap pixels between them
 */
export function stackPanels(
  panels: readonly (SVGSVGElement | HTMLElement)[],
  text: PanelText,
  { document, width, theme }: FigureOptions,
  gap = 0,
): SVGSVGElement {
  const root = document.createElementNS(SVG, "svg") as SVGSVGElement;
  let y = 0;
  for (const panel of panels) {
    panel.setAttribute("y", String(y));
    panel.setAttribute("overflow", "visible");
    panel.setAttribute("aria-hidden", "true");
    y += Number(panel.getAttribute("height")) + gap;
    root.append(panel);
  }
  const height = y - gap;
  root.setAttribute("width", String(width));
  root.setAttribute("height", String(height));
  root.setAttribute("viewBox", `0 0 ${width} ${height}`);
  root.setAttribute("font-family", theme.fontFamily);
  root.setAttribute("fill", theme.ink);
  return finishFigure(root, text, document);
}

/** Gives a figure's SVG its role and texts, and sets raised exponents with the digits of the text font. */
export function finishFigure(svg: SVGSVGElement, text: PanelText, document: Document): SVGSVGElement {
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", text.ariaLabel);
  svg.setAttribute("aria-description", text.ariaDescription);
  for (const node of svg.querySelectorAll("text, tspan")) raiseExponents(node, document);
  return svg;
}

const RAISED = /[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+/;

/** "⁻⁷" → "−7" */
export function plainDigits(raised: string): string {
  return [...raised].map((c) => (c === "⁻" ? "−" : String("⁰¹²³⁴⁵⁶⁷⁸⁹".indexOf(c)))).join("");
}

/** Few fonts have the raised digits: draw them as small, lifted ordinary ones. */
function raiseExponents(node: Element, document: Document) {
  if (node.childNodes.length !== 1 || node.firstChild?.nodeType !== 3) return;
  const content = node.textContent ?? "";
  const match = RAISED.exec(content);
  if (!match) return;
  const after = content.slice(match.index + match[0].length);
  node.textContent = content.slice(0, match.index);
  const lifted = document.createElementNS(SVG, "tspan");
  lifted.setAttribute("font-size", "75%");
  lifted.setAttribute("dy", "-0.45em");
  lifted.textContent = plainDigits(match[0]);
  node.append(lifted);
  if (!after) return;
  const rest = document.createElementNS(SVG, "tspan");
  // The lifted part is set at 75 %: lowering the rest takes 0.45 · 0.75 of its own size.
  rest.setAttribute("dy", "0.34em");
  rest.textContent = after;
  node.append(rest);
  raiseExponents(rest, document);
}
