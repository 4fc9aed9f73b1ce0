/** Draws a figure outside a browser: the same function as on the page, under a server-side document. */
import { parseHTML } from "linkedom";
import type { Figure, PageChoices } from "../../src/figures/figure.js";
import { printTheme, twinTheme } from "../../src/figures/theme.js";

const { document } = parseHTML("<!doctype html><html><body></body></html>");

export interface DrawnFigure {
  /** A whole SVG file. */
  svg: string;
  width: number;
  height: number;
  /** Shapes and images drawn, texts and groups apart. */
  marks: number;
}

const MARKS = new Set(["path", "circle", "rect", "line", "ellipse", "polygon", "polyline", "image", "use"]);

/** @param asTwin draws in the grey of null twins */
export function drawFigure(
  figure: Figure<object>,
  data: object,
  choices: PageChoices,
  width: number,
  asTwin = false,
): DrawnFigure {
  const theme = asTwin ? twinTheme(printTheme) : printTheme;
  const drawn = figure.draw(data, {
    ...choices,
    width,
    theme,
    document: document as unknown as Document,
    interactive: false,
  });
  drawn.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  const marks = [...drawn.querySelectorAll("*")].filter(({ tagName }) => MARKS.has(tagName.toLowerCase())).length;
  // HTML's serialization names the no-break space, XML's does not know the name.
  const svg = `<?xml version="1.0" encoding="UTF-8"?>\n${drawn.outerHTML.replaceAll("&nbsp;", "&#160;")}\n`;
  return { svg, width, height: Number(drawn.getAttribute("height")), marks };
}
