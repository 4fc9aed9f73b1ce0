import { describe, expect, it } from "vitest";
import { fourierBasis, rowsOf } from "../../src/analysis/fourier.js";
import { lineCoefficients } from "../../src/analysis/line-sums.js";
import { neuronClusters, neuronFrequencies } from "../../src/analysis/neuron-frequencies.js";
import { pairGrid, plainGrid } from "../../src/analysis/pair-grid.js";
import { noise, wave } from "./synthetic.js";

const p = 13;

/** Maps [p², width] from formulas in (a, b). */
function mapsOf(...formulas: ((a: number, b: number) => number)[]): Float64Array {
  const out = new Float64Array(p * p * formulas.length);
  for (let code = 0; code < p * p; code++) {
    formulas.forEach((formula, j) => {
      out[code * formulas.length + j] = formula(Math.floor(code / p), code % p);
    });
  }
  return out;
}

const analyse = (maps: Float64Array, grid = plainGrid(p)) =>
  neuronFrequencies(lineCoefficients(maps, grid, maps.length / (p * p)));

/** FVE of one map at k, from the 2-D transform by its definition. */
function fveByDefinition(map: Float64Array, k: number): number {
  const F = fourierBasis(p);
  const coefficient = (u: number, v: number) => {
    let sum = 0;
    for (let a = 0; a < p; a++) for (let b = 0; b < p; b++) sum += F[u * p + a] * F[v * p + b] * map[a * p + b];
    return sum;
  };
  let all = 0;
  let kept = 0;
  const entries = [0, ...rowsOf(k, p)];
  for (let u = 0; u < p; u++) {
    for (let v = 0; v < p; v++) {
      if (u === 0 && v === 0) continue;
      const square = coefficient(u, v) ** 2;
      all += square;
      if (entries.includes(u) && entries.includes(v)) kept += square;
    }
  }
  return kept / all;
}

describe("the share of a neuron that a frequency explains", () => {
  it("is 1 for cos(wa)cos(wb), for a wave of one token, and with a constant added", () => {
    const w = wave(4, p);
    const { best, fve } = analyse(
      mapsOf(
        (a, b) => Math.cos(w * a) * Math.cos(w * b),
        (a) => Math.sin(w * a),
        (a, b) => 100 + Math.cos(w * (a - b)),
      ),
    );
    expect([...best]).toEqual([4, 4, 4]);
    for (const value of fve) expect(value).toBeCloseTo(1, 10);
  });

  it("is far below .85 for white noise, and 0 for a dead neuron", () => {
    const { fve } = analyse(noise(7, p * p * 20));
    for (const value of fve) expect(value).toBeLessThan(0.4);
    const dead = analyse(
      mapsOf(
        () => 0,
        () => 3,
      ),
    );
    expect([...dead.fve, ...dead.best]).toEqual([0, 0, 0, 0]);
  });

  it("agrees with the 2-D transform by its definition", () => {
    const map = noise(8, p * p).map((value) => Math.max(0, value));
    const { shares } = analyse(map);
    shares.forEach((share, i) => {
      expect(share).toBeCloseTo(fveByDefinition(map, i + 1), 12);
    });
  });

  it("is found in the coordinates in which the operation adds", () => {
    for (const operation of ["multiply", "cubic"] as const) {
      const grid = pairGrid(operation, p);
      const map = new Float64Array(p * p);
      grid.codes.forEach((code, at) => {
        const [x, y] = [Math.floor(at / grid.size), at % grid.size];
        map[code] = Math.cos(wave(5, p - 1) * x) * Math.sin(wave(5, p - 1) * y) + (x + y) / 1e6;
      });
      const right = analyse(map, grid);
      expect(right.best[0]).toBe(5);
      expect(right.fve[0]).toBeGreaterThan(0.999);
      expect(analyse(map).fve[0]).toBeLessThan(0.6);
    }
  });

  it("counts k = n/2 once", () => {
    const grid = pairGrid("multiply", p);
    const map = new Float64Array(p * p);
    grid.codes.forEach((code, at) => {
      map[code] = (Math.floor(at / grid.size) + (at % grid.size)) % 2;
    });
    expect(analyse(map, grid).fve[0]).toBeCloseTo(1, 10);
  });
});

describe("clusters of neurons", () => {
  it("hold the neurons explained well enough, by frequency", () => {
    const frequencies = {
      shares: new Float64Array(0),
      best: Uint16Array.of(3, 1, 3, 2),
      fve: Float64Array.of(0.9, 0.95, 0.86, 0.5),
    };
    expect(neuronClusters(frequencies)).toEqual({
      clusters: [
        { frequency: 1, neurons: [1] },
        { frequency: 3, neurons: [0, 2] },
      ],
      other: [3],
    });
  });
});
