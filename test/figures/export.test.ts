/** Figures as files: type is drawn, grids stay crisp, animations move. */
import { expect, it } from "vitest";
import { Animation } from "../../data-loaders/figure-export/animate.js";
import { drawFigure } from "../../data-loaders/figure-export/draw-figure.js";
import { type Pixels, rasterize } from "../../data-loaders/figure-export/rasterize.js";
import { pixelGrid } from "../../src/figures/pixel-grid.js";
import { grokkingCurves } from "../../src/figures/training-dynamics/grokking-curves.js";
import { pageData, sampleRuns } from "./stored-sample.js";

const { svg, width, height } = drawFigure(grokkingCurves, pageData(sampleRuns().trained), { epoch: 100 }, 960);

/** Pixels that differ between two pictures within a box. */
function changed(one: Pixels, other: Pixels, box: { x: number; y: number; width: number; height: number }): number {
  let count = 0;
  for (let y = box.y; y < box.y + box.height; y++) {
    for (let x = box.x; x < box.x + box.width; x++) {
      const at = 4 * (y * one.width + x);
      if (Math.abs(one.rgba[at] - other.rgba[at]) > 40) count++;
    }
  }
  return count;
}

it("is an SVG of the width asked for, in plain colours and XML's own entities", () => {
  expect(svg).toMatch(/^<\?xml version="1.0" encoding="UTF-8"\?>\n<svg xmlns="http:\/\/www.w3.org\/2000\/svg"/);
  expect(svg).not.toMatch(/var\(--|&nbsp;/);
  expect(width).toBe(960);
});

it("inks the labels", () => {
  const picture = rasterize(svg, 1);
  const wordless = rasterize(svg.replace(/<text.*?<\/text>/gs, ""), 1);
  expect([picture.width, picture.height]).toEqual([960, height]);
  // The label of the top panel stands at the upper left corner.
  expect(changed(picture, wordless, { x: 0, y: 20, width: 130, height: 24 })).toBeGreaterThan(150);
});

it("draws bold type bolder", () => {
  const word = (weight: number) =>
    rasterize(
      `<svg xmlns="http://www.w3.org/2000/svg" width="100" height="30" font-family="Inter, Helvetica">
        <text x="5" y="20" font-size="16" font-weight="${weight}">grokking</text></svg>`,
      1,
    );
  const none = rasterize(`<svg xmlns="http://www.w3.org/2000/svg" width="100" height="30"/>`, 1);
  const box = { x: 0, y: 0, width: 100, height: 30 };
  expect(changed(word(400), none, box)).toBeGreaterThan(100);
  expect(changed(word(700), none, box)).toBeGreaterThan(1.15 * changed(word(400), none, box));
});

it("keeps the edges of a grid's cells hard", () => {
  const href = pixelGrid({ values: [0, 1], width: 2, height: 1, color: (v) => [255 * v, 255 * v, 255 * v] });
  const { rgba } = rasterize(
    `<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10"><image href="${href}" width="20" height="10"
      preserveAspectRatio="none" image-rendering="pixelated" style="image-rendering: pixelated"/></svg>`,
    1,
  );
  const row = Array.from({ length: 20 }, (_, x) => rgba[4 * (5 * 20 + x)]);
  expect(row).toEqual([...Array(10).fill(0), ...Array(10).fill(255)]);
});

it("animates pictures, the last one for longest", () => {
  const movie = new Animation(200);
  expect(() => movie.bytes()).toThrow("at least one picture");
  for (const level of [0, 120, 255]) {
    const rgba = new Uint8Array(4 * 8 * 4).fill(255).map((value, i) => (i % 4 === 3 ? value : level));
    movie.add({ width: 8, height: 4, rgba, png: () => new Uint8Array() });
  }
  const bytes = Buffer.from(movie.bytes());
  expect(bytes.subarray(0, 6).toString("latin1")).toBe("GIF89a");
  expect([bytes.readUInt16LE(6), bytes.readUInt16LE(8)]).toEqual([8, 4]);
  const delays: number[] = [];
  for (let i = 0; i < bytes.length - 8; i++) {
    if (bytes[i] === 0x21 && bytes[i + 1] === 0xf9 && bytes[i + 2] === 4) delays.push(10 * bytes.readUInt16LE(i + 4));
  }
  expect(delays).toEqual([200, 200, 800]);
});
