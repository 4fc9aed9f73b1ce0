/** Parts of every page outside its own text: the fonts and the footer. */
import { readFileSync } from "node:fs";

const FACES = [
  { family: "Inter", file: "inter", style: "normal", weight: "100 900" },
  { family: "Source Serif 4", file: "source-serif", style: "normal", weight: "200 900" },
  { family: "Source Serif 4", file: "source-serif-italic", style: "italic", weight: "200 900" },
];

/** How to get from a page to the site's root, so that the site works under any path. "/sweeps/modulus" → "../" */
export function rootFrom(page: string): string {
  return "../".repeat(page.split("/").filter(Boolean).length - 1) || "./";
}

/** How to get from a page to the files of data loaders, which Framework's preview has under a path of its own. */
const filesFrom = (page: string) => `${rootFrom(page)}${process.env.GROK_SITE === "preview" ? "_file/" : ""}`;

/** Names the folder of checkpoints, from which a page picks while it is read. */
export const checkpointsFolder = (page: string) => `<meta name="checkpoints" content="${filesFrom(page)}checkpoints/">`;

/** The declarations of the site's own fonts, for a page by its path. */
export function fontFaces(page: string): string {
  const base = `${filesFrom(page)}data/font-`;
  return FACES.map(
    ({ family, file, style, weight }) =>
      `@font-face{font-family:"${family}";src:url("${base}${file}.woff2") format("woff2");` +
      `font-style:${style};font-weight:${weight};font-display:swap}`,
  ).join("");
}

/** The last line of every page. */
export function siteFooter(): string {
  const { version } = JSON.parse(readFileSync("package.json", "utf8"));
  return `Grokking, explorable ${version}. Every number and picture on these pages is computed from runs of this project’s own code.`;
}

/** The site's icon, a point on a circle, within the page itself. */
export const ICON =
  '<link rel="icon" href="data:image/svg+xml,%3Csvg xmlns=%22http://www.w3.org/2000/svg%22 viewBox=%220 0 16 16%22%3E' +
  "%3Ccircle cx=%228%22 cy=%228%22 r=%226%22 fill=%22none%22 stroke=%22%231f62b5%22 stroke-width=%221.5%22/%3E" +
  '%3Ccircle cx=%2212.2%22 cy=%223.8%22 r=%222.6%22 fill=%22%23a94700%22/%3E%3C/svg%3E">';
