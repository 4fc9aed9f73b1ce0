/** Components by way of inner products are those of the rows themselves. */
import { describe, expect, it } from "vitest";
import { gramBasis } from "../../src/analysis/gram-components.js";
import { coordinatesIn, principalBasis } from "../../src/analysis/principal-components.js";
import { MersenneTwister } from "../../src/model/mersenne-twister.js";

const [m, n, count] = [6, 40, 3];
const generator = new MersenneTwister([7]);
const rows = Array.from({ length: m }, (_, i) =>
  Float32Array.from({ length: n }, (_, j) => generator.uniform() + (j === 3 ? 4 * i : j === 5 ? i * i : 0)),
);
const direct = principalBasis(Float64Array.from(rows.flatMap((row) => [...row])), m, n, count);

describe("principal components of a few long rows", () => {
  const basis = gramBasis(rows, count);

  it("holds the same shares of the variance as the components of the rows themselves", () => {
    for (let c = 0; c < count; c++) expect(basis.shares[c]).toBeCloseTo(direct.variances[c] / direct.total, 10);
  });

  it("gives the same coordinates, up to the sign of a component", () => {
    const expected = coordinatesIn(direct, Float64Array.from(rows.flatMap((row) => [...row])), m);
    for (let c = 0; c < count; c++) {
      const sign = Math.sign(expected[(m - 1) * count + c] || 1);
      for (let i = 0; i < m; i++) {
        expect(basis.coordinates[i * count + c]).toBeCloseTo(sign * expected[i * count + c], 5);
      }
      expect(basis.coordinates[(m - 1) * count + c]).toBeGreaterThanOrEqual(0);
    }
  });

  it("places a row of its own where it is, and another one where its projection falls", () => {
    const own = basis.place(rows[2]);
    for (let c = 0; c < count; c++) expect(own[c]).toBeCloseTo(basis.coordinates[2 * count + c], 4);
    const middle = Float32Array.from(rows[0], (value, j) => (value + rows[4][j]) / 2);
    const placed = basis.place(middle);
    for (let c = 0; c < count; c++) {
      expect(placed[c]).toBeCloseTo((basis.coordinates[c] + basis.coordinates[4 * count + c]) / 2, 4);
    }
  });

  it("has one component less than rows at most, and no variance in equal rows", () => {
    expect(gramBasis(rows.slice(0, 2), count).count).toBe(1);
    expect([...gramBasis([rows[0], rows[0], rows[0]], 2).shares]).toEqual([0, 0]);
  });
});
