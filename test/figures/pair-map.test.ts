import { decode } from "fast-png";
import { describe, expect, it } from "vitest";
import { sequentialColors } from "../../src/figures/color-maps.js";
import { drawPairMap } from "../../src/figures/pair-map.js";
import { printTheme } from "../../src/figures/theme.js";
import { serverDocument } from "./snapshot.js";

const document = serverDocument();
const options = { width: 100, theme: printTheme, document, interactive: false };
const colors = sequentialColors([0, 1], printTheme);
const codes = Int32Array.from({ length: 9 }, (_, code) => code);

function drawn(at: number, marked?: number): SVGElement {
  const root = document.createElementNS("http://www.w3.org/2000/svg", "svg") as SVGElement;
  const values = Float32Array.from({ length: 9 }, (_, i) => (i === at ? 1 : 0));
  const map = { values, size: 3, axes: ["a", "b"] as const, codes, modulus: 3, colors };
  drawPairMap(root, map, { x: 0, y: 0, width: 90, height: 90 }, { marked }, options);
  return root;
}

describe("a map over pairs", () => {
  it("runs the first coordinate to the right and the second upwards", () => {
    // The pair (2, 0): last column, lowest row.
    const image = drawn(2 * 3 + 0).querySelector("image") as Element;
    const [, base64] = (image.getAttribute("href") as string).split(",");
    const { data } = decode(Buffer.from(base64, "base64"));
    const bright = Array.from({ length: 9 }, (_, i) => i).filter((i) => data[4 * i] === colors.color(1)[0]);
    expect(bright).toEqual([2 * 3 + 2]);
  });

  it("marks a pair where it lies", () => {
    const ring = drawn(0, 2 * 3 + 0).querySelector("circle") as Element;
    expect([Number(ring.getAttribute("cx")), Number(ring.getAttribute("cy"))]).toEqual([75, 75]);
    expect(drawn(0).querySelector("circle")).toBeNull();
  });
});
