import { describe, expect, it } from "vitest";
import { fourierBasis } from "../../src/analysis/fourier.js";
import { pairGrid, plainGrid } from "../../src/analysis/pair-grid.js";
import { blockShare, spectrum2d } from "../../src/analysis/spectrum-2d.js";
import { clockLogits, noise, wave } from "./synthetic.js";

const p = 11;
const grid = plainGrid(p);

describe("the 2-D spectrum", () => {
  it("agrees with F L Fᵀ by its definition", () => {
    const width = 2;
    const maps = noise(1, p * p * width);
    const norms = spectrum2d(maps, grid, width);
    const F = fourierBasis(p);
    for (const [u, v] of [
      [0, 0],
      [3, 0],
      [2, 9],
      [10, 10],
    ]) {
      let square = 0;
      for (let j = 0; j < width; j++) {
        let sum = 0;
        for (let a = 0; a < p; a++)
          for (let b = 0; b < p; b++) sum += F[u * p + a] * F[v * p + b] * maps[(a * p + b) * width + j];
        square += sum * sum;
      }
      expect(norms[u * p + v]).toBeCloseTo(Math.sqrt(square), 10);
    }
  });

  it("of logits of few frequencies lies in their blocks; of noise it does not", () => {
    expect(blockShare(spectrum2d(clockLogits(p, [2, 4]), grid, p), p, [2, 4])).toBeCloseTo(1, 6);
    expect(blockShare(spectrum2d(noise(2, p ** 3), grid, p), p, [2, 4])).toBeLessThan(0.2);
  });

  it("is taken in the coordinates of the operation", () => {
    const right = pairGrid("multiply", p);
    const map = new Float64Array(p * p);
    right.codes.forEach((code, at) => {
      map[code] = Math.cos(wave(3, p - 1) * (Math.floor(at / right.size) + (at % right.size)));
    });
    expect(blockShare(spectrum2d(map, right, 1), right.size, [3])).toBeCloseTo(1, 10);
    expect(blockShare(spectrum2d(map, grid, 1), p, [3])).toBeLessThan(0.5);
  });
});
