/** The site's own fonts, taken from their packages. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const FILES: Record<string, string> = {
  inter: "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2",
  "source-serif": "@fontsource-variable/source-serif-4/files/source-serif-4-latin-opsz-normal.woff2",
  "source-serif-italic": "@fontsource-variable/source-serif-4/files/source-serif-4-latin-wght-italic.woff2",
};

export const FONTS = Object.keys(FILES);

/** Bytes of a font, by the name it has on the site. @throws RangeError for another name */
export function font(name: string): Uint8Array {
  const file = FILES[name];
  if (!file) throw new RangeError(`no font named ${name}; allowed: ${FONTS.join(", ")}`);
  return readFileSync(createRequire(import.meta.url).resolve(file));
}
