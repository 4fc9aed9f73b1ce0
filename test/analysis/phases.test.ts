import { describe, expect, it } from "vitest";
import { fitBrokenLine } from "../../src/analysis/broken-line.js";
import { findPhases } from "../../src/analysis/phases.js";
import { noise } from "./synthetic.js";

const x = Array.from({ length: 60 }, (_, i) => i / 10);
const broken = (knots: number[], changes: number[], slope = 0) =>
  x.map((value) => knots.reduce((y, knot, i) => y + changes[i] * Math.max(0, value - knot), slope * value));

describe("a broken line", () => {
  it("is found exactly where there is no noise", () => {
    const line = fitBrokenLine(x, broken([1.5, 4], [3, -5], -1), 2)!;
    expect(line.knots.map((knot) => knot.x)).toEqual([1.5, 4]);
    [-1, 2, -3].forEach((slope, i) => {
      expect(line.slopes[i]).toBeCloseTo(slope, 8);
    });
    expect(line.meanSquare).toBeLessThan(1e-15);
  });

  it("has knots whose interval holds the truth, and widens with the noise", () => {
    const width = (level: number) => {
      let total = 0;
      let covered = 0;
      for (let seed = 0; seed < 20; seed++) {
        const errors = noise(seed, x.length);
        const y = broken([2.5], [2], -1).map((value, i) => value + level * errors[i]);
        const [knot] = fitBrokenLine(x, y, 1)!.knots;
        if (knot.low <= 2.5 && knot.high >= 2.5) covered++;
        total += knot.high - knot.low;
      }
      expect(covered).toBeGreaterThanOrEqual(16);
      return total / 20;
    };
    expect(width(0.6)).toBeGreaterThan(2 * width(0.1));
  });

  it("needs four points for each stretch", () => {
    expect(fitBrokenLine([1, 2, 3, 4, 5, 6, 7], [1, 2, 3, 4, 3, 2, 1], 1)).toBeNull();
  });
});

/** A curve through points (epoch, value), straight between them on doubly logarithmic axes. */
function through(...points: [number, number][]) {
  return Array.from({ length: 120 }, (_, i) => {
    const epoch = Math.round(10 ** (1 + (i / 119) * Math.log10(4000)));
    const next = Math.max(
      1,
      points.findIndex(([at]) => at >= epoch),
    );
    const [[e0, v0], [e1, v1]] = [points[next - 1], points[next]];
    const share = Math.log(epoch / e0) / Math.log(e1 / e0);
    const wiggle = 1 + 0.03 * Math.sin(i * 1.7);
    return { epoch, value: v0 * (v1 / v0) ** share * wiggle };
  });
}

const flat = through([10, 5], [40_000, 5]);
const growing = through([10, 1000], [40_000, 9000]);

describe("phases", () => {
  const excluded = through([10, 5], [1400, 0.02], [9000, 4], [40_000, 5]);
  const restricted = through([10, 5], [1500, 5], [9400, 2], [13_000, 1e-4], [40_000, 3e-6]);
  const squares = through([10, 2500], [1000, 3500], [9500, 2400], [14_000, 1000], [40_000, 900]);

  it("end where their measures turn", () => {
    const phases = findPhases(excluded, restricted, squares);
    for (const [at, epoch] of [
      [phases.memorization_ends, 1400],
      [phases.circuit_formation_ends, 9400],
      [phases.cleanup_ends, 14_000],
    ] as const) {
      expect(at!.epoch / epoch).toBeGreaterThan(0.85);
      expect(at!.epoch / epoch).toBeLessThan(1.15);
      expect(at!.low).toBeLessThanOrEqual(at!.epoch);
      expect(at!.high).toBeGreaterThanOrEqual(at!.epoch);
      expect(at!.high / at!.low).toBeLessThan(2);
    }
  });

  it("do not end in a run that memorizes and never generalizes", () => {
    const falling = through([10, 5], [1400, 0.02], [40_000, 1e-4]);
    expect(findPhases(falling, flat, growing)).toEqual({
      memorization_ends: null,
      circuit_formation_ends: null,
      cleanup_ends: null,
    });
  });

  it("are unknown without key frequencies, or with few points", () => {
    const none = flat.map(({ epoch }) => ({ epoch, value: null }));
    const empty = { memorization_ends: null, circuit_formation_ends: null, cleanup_ends: null };
    expect(findPhases(none, none, growing)).toEqual(empty);
    expect(findPhases([], excluded.slice(0, 3), [])).toEqual(empty);
  });
});
