/** What the pointer reads off a dense grid: the cell under it in exact words, and the choice that a click makes. */
import type { Frame, PixelGrid } from "./pixel-grid.js";
import type { Theme } from "./theme.js";

const SVG = "http://www.w3.org/2000/svg";

export interface GridReading {
  /** Words on a cell, with exact numbers; a line break parts lines. */
  describe?: (column: number, row: number) => string;
  /** Choices of the page that a click on a cell makes. */
  choose?: (column: number, row: number) => Record<string, unknown>;
}

/** Name of the event that asks the page for choices; its detail holds them by name. */
export const CHOOSE = "figure-choose";

const LINE_HEIGHT = 16;
const PADDING = 7;

/** Outlines the cell under the pointer, describes it beside, and turns a click into a `CHOOSE` event. */
export function readGrid(
  group: SVGGElement,
  image: SVGImageElement,
  { width, height }: PixelGrid,
  frame: Frame,
  { describe, choose }: GridReading,
  theme: Theme,
): void {
  const cellAt = ({ clientX, clientY }: MouseEvent) => {
    const box = image.getBoundingClientRect();
    const within = (share: number, cells: number) => Math.min(cells - 1, Math.max(0, Math.floor(share * cells)));
    return {
      column: within((clientX - box.left) / box.width, width),
      row: within((clientY - box.top) / box.height, height),
    };
  };
  if (choose) {
    image.style.cursor = "pointer";
    image.addEventListener("click", (event) => {
      const { column, row } = cellAt(event);
      image.dispatchEvent(new CustomEvent(CHOOSE, { bubbles: true, detail: choose(column, row) }));
    });
  }
  if (!describe) return;
  const note = group.ownerDocument.createElementNS(SVG, "g");
  note.setAttribute("pointer-events", "none");
  image.addEventListener("pointermove", (event) => {
    const { column, row } = cellAt(event);
    const cell = { width: frame.width / width, height: frame.height / height };
    const at = { x: frame.x + column * cell.width, y: frame.y + row * cell.height };
    note.replaceChildren(outline({ ...at, ...cell }, theme), ...words(describe(column, row), at, cell, frame, theme));
    group.append(note);
  });
  image.addEventListener("pointerleave", () => note.remove());

  function outline(cell: Frame, { ink }: Theme) {
    return shape("rect", { ...cell, fill: "none", stroke: ink, "stroke-width": 1.5 });
  }

  function words(text: string, at: { x: number; y: number }, cell: { width: number }, within: Frame, colors: Theme) {
    const lines = text.split("\n");
    const wide = 2 * PADDING + 6.6 * Math.max(...lines.map((line) => line.length));
    const tall = 2 * PADDING + LINE_HEIGHT * lines.length - 3;
    const toTheRight = at.x + cell.width / 2 < within.x + within.width / 2;
    const x = toTheRight ? at.x + cell.width + 6 : at.x - wide - 6;
    const y = Math.max(within.y, Math.min(within.y + within.height - tall, at.y - tall / 2));
    const back = shape("rect", {
      x,
      y,
      width: wide,
      height: tall,
      rx: 3,
      fill: colors.background,
      stroke: colors.rule,
    });
    return [
      back,
      ...lines.map((line, i) => {
        const row = y + PADDING + LINE_HEIGHT * (i + 0.7);
        const node = shape("text", {
          x: x + PADDING,
          y: row,
          "font-size": 12,
          fill: colors.ink,
          "text-anchor": "start",
        });
        node.textContent = line;
        return node;
      }),
    ];
  }

  function shape(name: string, attributes: Record<string, string | number>) {
    const node = group.ownerDocument.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, String(value));
    return node;
  }
}
