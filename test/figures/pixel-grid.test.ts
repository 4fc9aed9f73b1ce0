/** Dense grids and their colours. */
import { decode } from "fast-png";
import { expect, it } from "vitest";
import {
  colorLegend,
  divergingColors,
  extentOf,
  LEGEND_HEIGHT,
  sequentialColors,
} from "../../src/figures/color-maps.js";
import type { FigureOptions } from "../../src/figures/figure.js";
import { gridImage, pixelGrid } from "../../src/figures/pixel-grid.js";
import { printTheme, twinTheme } from "../../src/figures/theme.js";
import { serverDocument } from "./snapshot.js";

const options = (theme = printTheme): FigureOptions => ({
  width: 400,
  theme,
  document: serverDocument(),
  interactive: false,
});
const pixels = (uri: string) => decode(Buffer.from(uri.replace("data:image/png;base64,", ""), "base64"));

it("has a pixel per cell, row by row, and none where there is no number", () => {
  const values = [0, 1, 2, Number.NaN, 4, 5];
  const { width, height, data } = pixels(pixelGrid({ values, width: 3, height: 2, color: (v) => [v, 10 * v, 255] }));
  expect([width, height]).toEqual([3, 2]);
  expect([...data]).toEqual([
    0, 0, 255, 255, 1, 10, 255, 255, 2, 20, 255, 255, 0, 0, 0, 0, 4, 40, 255, 255, 5, 50, 255, 255,
  ]);
  expect(() => pixelGrid({ values, width: 2, height: 2, color: () => [0, 0, 0] })).toThrow("6 values for 2 × 2 cells");
});

it("is drawn under a server-side document, crisp, and without a listener", () => {
  const grid = { values: [0, 1], width: 2, height: 1, color: () => [1, 2, 3] as const };
  const group = gridImage(grid, { x: 5, y: 6, width: 70, height: 80 }, { describe: () => "" }, options());
  const image = group.querySelector("image")!;
  expect(image.getAttribute("image-rendering")).toBe("pixelated");
  expect(["x", "y", "width", "height"].map((name) => image.getAttribute(name))).toEqual(["5", "6", "70", "80"]);
});

it("colours signed values symmetrically about white", () => {
  const { color, domain } = divergingColors(extentOf(Float32Array.of(-3, 1, 2)), printTheme);
  expect(domain).toEqual([-3, 3]);
  expect(Math.min(...color(0))).toBeGreaterThan(235);
  const [blue, red] = [color(-3), color(3)];
  expect(blue[2]).toBeGreaterThan(blue[0]);
  expect(red[0]).toBeGreaterThan(red[2]);
  expect(color(99)).toEqual(red);
});

it("colours magnitudes in even steps of lightness, on log axes too", () => {
  const luminance = ([r, g, b]: readonly number[]) => 0.2126 * r + 0.7152 * g + 0.0722 * b;
  const linear = sequentialColors([0, 10], printTheme);
  const lightness = Array.from({ length: 11 }, (_, i) => luminance(linear.color(i)));
  expect(lightness).toEqual([...lightness].sort((a, b) => a - b));
  const log = sequentialColors([1e-4, 1], printTheme, { type: "log" });
  expect(log.color(1e-2)).toEqual(linear.color(5));
  expect(log.css(1)).toBe(`rgb(${linear.color(10).join()})`);
});

it("draws twins in grey", () => {
  for (const scale of [sequentialColors([0, 1], twinTheme(printTheme)), divergingColors(1, twinTheme(printTheme))]) {
    for (const value of [-1, 0, 0.3, 1]) expect(new Set(scale.color(value)).size).toBe(1);
  }
});

it("has a legend with the quantity, its unit and its ends", () => {
  const svg = colorLegend(divergingColors(2.5, printTheme), { label: "logit (nats)" }, options());
  expect([...svg.querySelectorAll("text")].map((node) => node.textContent)).toEqual([
    "logit (nats)",
    "−2.5",
    "0",
    "2.5",
  ]);
  expect(svg.getAttribute("height")).toBe(String(LEGEND_HEIGHT));
  const { width, height } = pixels(svg.querySelector("image")!.getAttribute("href")!);
  expect([width, height]).toEqual([256, 1]);
});
