import { describe, expect, it } from "vitest";
import { fourierBasis, rowsOf } from "../../src/analysis/fourier.js";
import { lineCoefficients } from "../../src/analysis/line-sums.js";
import { product } from "../../src/analysis/matrix.js";
import { plainGrid } from "../../src/analysis/pair-grid.js";
import { addMaps, degreeTwoFits, MASKS, maskedMaps, readOut, selectMaps } from "../../src/analysis/wave-maps.js";
import { noise } from "./synthetic.js";

const p = 9;
const width = 3;
const grid = plainGrid(p);
const maps = noise(1, p * p * width);
const lines = lineCoefficients(maps, grid, width);

/** Projection of a map on some entries (u, v) of the 2-D basis, by its definition. */
function projection(map: Float64Array, entries: [number, number][]): Float64Array {
  const F = fourierBasis(p);
  const out = new Float64Array(p * p);
  for (const [u, v] of entries) {
    let dot = 0;
    for (let code = 0; code < p * p; code++) dot += F[u * p + Math.floor(code / p)] * F[v * p + (code % p)] * map[code];
    for (let code = 0; code < p * p; code++) out[code] += dot * F[u * p + Math.floor(code / p)] * F[v * p + (code % p)];
  }
  return out;
}

const one = (values: Float64Array, j: number) =>
  Float64Array.from({ length: p * p }, (_, code) => values[code * width + j]);

function valuesOf(wave: Parameters<typeof addMaps>[1]): Float64Array {
  const out = new Float64Array(p * p * wave.width);
  addMaps(out, wave, grid);
  return out;
}

function expectEqual(actual: Float64Array, expected: Float64Array) {
  expect(actual).toHaveLength(expected.length);
  actual.forEach((value, i) => {
    expect(value).toBeCloseTo(expected[i], 10);
  });
}

const pairsOf = (rows: number[]) => rows.flatMap((u) => rows.map((v): [number, number] => [u, v]));

describe("masks", () => {
  it("keep 2, 4 and 8 components per frequency beside the constant", () => {
    const rank = (mask: (typeof MASKS)[number]) => {
      // The trace of a projection is its rank: the sum of what it leaves of each unit map.
      let trace = 0;
      for (let code = 0; code < p * p; code++) {
        const unit = new Float64Array(p * p);
        unit[code] = 1;
        const kept = new Float64Array(p * p);
        addMaps(kept, maskedMaps(lineCoefficients(unit, grid, 1), mask, [1, 3]), grid);
        trace += kept[code];
      }
      return Math.round(trace * 1e6) / 1e6 - 1;
    };
    expect(MASKS.map(rank)).toEqual([4, 8, 16]);
  });

  it("blocks and terms agree with the entries of the 2-D basis", () => {
    for (let j = 0; j < width; j++) {
      const blocks: [number, number][] = [[0, 0], ...pairsOf(rowsOf(2, p)), ...pairsOf(rowsOf(4, p))];
      expectEqual(one(valuesOf(maskedMaps(lines, "blocks", [2, 4])), j), projection(one(maps, j), blocks));
      expectEqual(
        one(valuesOf(maskedMaps(lines, "terms", [3])), j),
        projection(one(maps, j), pairsOf([0, ...rowsOf(3, p)])),
      );
    }
  });
});

describe("fits of degree 2", () => {
  it("are the projection on {1, cos, sin}² of each map's own frequency", () => {
    const fits = valuesOf(degreeTwoFits(lines, [2, 0, 4]));
    expectEqual(one(fits, 0), projection(one(maps, 0), pairsOf([0, ...rowsOf(2, p)])));
    expectEqual(one(fits, 1), projection(one(maps, 1), [[0, 0]]));
    expectEqual(one(fits, 2), projection(one(maps, 2), pairsOf([0, ...rowsOf(4, p)])));
  });

  it("commute with reading out and with selecting", () => {
    const fits = degreeTwoFits(lines, [2, 3, 4]);
    const W = noise(3, width * 5);
    expectEqual(valuesOf(readOut(fits, W, 5)), product(valuesOf(fits), W, p * p, width, 5));
    expectEqual(valuesOf(selectMaps(fits, [2])), one(valuesOf(fits), 2));
  });
});
