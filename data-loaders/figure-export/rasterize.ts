/** Turns a figure's SVG into pixels, on paper, with the site's own type. */
import { createRequire } from "node:module";
import { Resvg } from "@resvg/resvg-js";
import { printTheme } from "../../src/figures/theme.js";

const WEIGHTS = ["400Regular", "400Regular_Italic", "500Medium", "600SemiBold", "700Bold"];

/** The rasterizer reads TTF files only, and a bare machine has no fonts of its own. */
const fontFiles = () => {
  const { resolve } = createRequire(import.meta.url);
  return WEIGHTS.map((weight) => resolve(`@expo-google-fonts/inter/${weight}/Inter_${weight}.ttf`));
};

export interface Pixels {
  width: number;
  height: number;
  /** [height, width, 4]: red, green, blue, alpha */
  rgba: Uint8Array;
  /** The same as a PNG file. */
  png(): Uint8Array;
}

/**
 * @param svg a whole SVG file with plain colours
 * @param scale pixels per CSS pixel
 */
export function rasterize(svg: string, scale: number): Pixels {
  const image = new Resvg(withHardPixels(svg), {
    fitTo: { mode: "zoom", value: scale },
    background: printTheme.background,
    font: { fontFiles: fontFiles(), loadSystemFonts: false, defaultFontFamily: "Inter", sansSerifFamily: "Inter" },
  }).render();
  return {
    width: image.width,
    height: image.height,
    rgba: image.pixels,
    png: () => image.asPng(),
  };
}

/** The rasterizer smooths `pixelated` images; it knows the older name of the same. */
const withHardPixels = (svg: string) =>
  svg.replace(/image-rendering(="|: ?)pixelated/g, (_, before: string) => `image-rendering${before}optimizeSpeed`);
