/**
 * Snapshots of figures as SVG: numbers rounded and ids renumbered, so that only what is drawn counts.
 *
 * GROK_UPDATE_SNAPSHOTS=1 writes them. A mismatch leaves what was drawn beside the snapshot, as NAME-changed.svg.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseHTML } from "linkedom";
import { expect } from "vitest";
import type { Figure, PageChoices } from "../../src/figures/figure.js";
import { printTheme, twinTheme } from "../../src/figures/theme.js";
import { hashPixels } from "./pixel-hash.js";

const FOLDER = fileURLToPath(new URL("../snapshots/figures/", import.meta.url));

/** An empty server-side document. */
export const serverDocument = (): Document =>
  parseHTML("<!doctype html><html><body></body></html>").document as unknown as Document;

interface Draw extends PageChoices {
  width?: number;
  twin?: boolean;
}

/** Draws a figure as an export does: on paper, without a pointer, under a server-side document. */
export function drawOnPaper<Data>(figure: Figure<Data>, data: Data, { width = 960, twin, ...choices }: Draw = {}) {
  const gap = figure.gap(data, choices);
  if (gap !== null) throw new Error(`${figure.id} is not drawn: ${gap}`);
  const theme = twin ? twinTheme(printTheme) : printTheme;
  return figure.draw(data, { ...choices, width, theme, document: serverDocument(), interactive: false });
}

/** Numbers in an attribute, to a tenth of a pixel. */
const roundNumbers = (attribute: string) =>
  attribute.replace(/-?\d+\.\d+(?:e[-+]?\d+)?/g, (number) => String(Number(Number(number).toFixed(1)) + 0));

/** The SVG's text with rounded numbers, ids in order of appearance, one element a line. */
export function normalize(svg: Element): string {
  const ids = new Map<string, string>();
  const renumber = (id: string) => {
    if (!ids.has(id)) ids.set(id, `id-${ids.size + 1}`);
    return ids.get(id);
  };
  return `${hashPixels(svg.outerHTML)
    .replace(/(\bid="|url\(#|href="#)([^")]+)/g, (_, before, id) => before + renumber(id))
    .replace(/="[^"]*"/g, roundNumbers)
    .replace(/></g, ">\n<")}\n`;
}

/**
 * Compares a drawing with its snapshot.
 *
 * @throws Error where there is no snapshot yet: one that nobody looked at proves nothing
 */
export function expectSnapshot(name: string, svg: Element): void {
  const drawn = normalize(svg);
  const path = join(FOLDER, `${name}.svg`);
  const changed = join(FOLDER, `${name}-changed.svg`);
  rmSync(changed, { force: true });
  if (process.env.GROK_UPDATE_SNAPSHOTS === "1") {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, drawn);
    return;
  }
  const known = existsSync(path) ? readFileSync(path, "utf8") : null;
  if (drawn === known) return;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(changed, drawn);
  expect.fail(
    known === null
      ? `${name} has no snapshot; look at ${changed}, then GROK_UPDATE_SNAPSHOTS=1 keeps it`
      : `${name} is drawn differently from its snapshot; compare with ${changed}`,
  );
}
