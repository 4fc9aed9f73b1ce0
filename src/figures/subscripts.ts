/** Names of weights in figures: "W_E" is drawn as W with a lowered E. */
const SVG = "http://www.w3.org/2000/svg";
const NAME = /\b([Wbuvw])_([A-Za-z]+)/;

/** Lowers the subscripts in all texts of a drawing that are plain words so far. */
export function lowerSubscripts<T extends Element>(svg: T, document: Document): T {
  for (const node of [...svg.querySelectorAll("text, tspan")]) lower(node, document);
  return svg;
}

function lower(node: Element, document: Document) {
  if (node.childNodes.length !== 1 || node.firstChild?.nodeType !== 3) return;
  const content = node.textContent ?? "";
  const match = NAME.exec(content);
  if (!match) return;
  node.textContent = content.slice(0, match.index + match[1].length);
  const lowered = document.createElementNS(SVG, "tspan");
  lowered.setAttribute("font-size", "75%");
  lowered.setAttribute("dy", "0.3em");
  lowered.textContent = match[2];
  node.append(lowered);
  const after = content.slice(match.index + match[0].length);
  if (!after) return;
  const rest = document.createElementNS(SVG, "tspan");
  // The lowered part is set at 75 %: raising the rest takes 0.3 · 0.75 of its own size.
  rest.setAttribute("dy", "-0.225em");
  rest.textContent = after;
  node.append(rest);
  lower(rest, document);
}
