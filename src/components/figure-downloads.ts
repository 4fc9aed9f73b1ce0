/** "SVG · CSV · Arrow": what a figure shows, as files. */
import type { Figure, FigureOptions, FigureRow } from "../figures/figure.js";
import { printTheme } from "../figures/theme.js";
import { element } from "./elements.js";

interface Shown<Data> {
  data: Data | undefined;
  options: FigureOptions;
}

/** Links that make the file when they are asked for. */
export function downloads<Data>(figure: Figure<Data>, shown: () => Promise<Shown<Data>>): HTMLElement {
  const kinds: [label: string, extension: string, make: (data: Data, options: FigureOptions) => Promise<Blob>][] = [
    ["SVG", "svg", async (data, options) => svgFile(figure, data, options)],
    ["CSV", "csv", async (data, options) => new Blob([toCsv(figure.rows(data, options))], { type: "text/csv" })],
    ["Arrow", "arrow", async (data, options) => toArrow(figure.rows(data, options))],
  ];
  const node = element("div", { class: "downloads", role: "group", "aria-label": `Download figure ${figure.number}` });
  node.append(element("span", {}, "Download"));
  for (const [label, extension, make] of kinds) {
    const button = element("button", { type: "button" }, label);
    button.addEventListener("click", async () => {
      const { data, options } = await shown();
      if (data) save(await make(data, options), `${figure.id}.${extension}`);
    });
    node.append(button);
  }
  return node;
}

function svgFile<Data>(figure: Figure<Data>, data: Data, options: FigureOptions): Blob {
  const svg = figure.draw(data, { ...options, theme: printTheme, interactive: false });
  svg.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  return new Blob([new XMLSerializer().serializeToString(svg)], { type: "image/svg+xml" });
}

/** Rows as CSV (RFC 4180) with a header line; null is an empty field. */
export function toCsv(rows: readonly FigureRow[]): string {
  const names = Object.keys(rows[0] ?? {});
  const field = (value: unknown) => {
    const text = value === null || value === undefined ? "" : String(value);
    return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [names, ...rows.map((row) => names.map((name) => row[name]))]
    .map((line) => line.map(field).join(","))
    .join("\r\n");
}

async function toArrow(rows: readonly FigureRow[]): Promise<Blob> {
  const { tableFromJSON, tableToIPC } = await import("apache-arrow");
  const bytes = tableToIPC(tableFromJSON(rows as Record<string, unknown>[]), "stream");
  return new Blob([bytes as Uint8Array<ArrayBuffer>], { type: "application/vnd.apache.arrow.stream" });
}

function save(blob: Blob, name: string) {
  const url = URL.createObjectURL(blob);
  const link = element("a", { href: url, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
