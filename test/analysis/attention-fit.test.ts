import { describe, expect, it } from "vitest";
import { attentionFits, attentionGaps } from "../../src/analysis/attention-fit.js";
import { plainGrid } from "../../src/analysis/pair-grid.js";
import { noise, wave } from "./synthetic.js";

const p = 17;
const heads = 2;

function attentionOf(toFirst: (a: number, b: number, head: number) => number): Float32Array {
  const out = new Float32Array(p * p * heads * 3);
  for (let code = 0; code < p * p; code++) {
    for (let h = 0; h < heads; h++) {
      const share = toFirst(Math.floor(code / p), code % p, h);
      out.set([share, 1 - share, 0], (code * heads + h) * 3);
    }
  }
  return out;
}

describe("attention as a wave", () => {
  it("is recovered: frequency, amplitudes, constant", () => {
    const attention = attentionOf((a, b, h) => {
      const w = wave(h === 0 ? 3 : 5, p);
      return 0.5 + 0.1 * (Math.cos(w * a) - Math.cos(w * b)) - 0.05 * (Math.sin(w * a) - Math.sin(w * b));
    });
    attentionFits(attention, plainGrid(p), heads).forEach((fit, h) => {
      expect(fit.frequency).toBe(h === 0 ? 3 : 5);
      expect(fit.fve).toBeCloseTo(1, 6);
      expect(fit.constant).toBeCloseTo(0.5, 6);
      expect(fit.alpha).toBeCloseTo(0.1, 6);
      expect(fit.beta).toBeCloseTo(-0.05, 6);
    });
  });

  it("does not explain a sum of a and b, nor noise, nor a constant", () => {
    const sum = attentionOf((a, b) => 0.5 + 0.1 * (Math.cos(wave(3, p) * a) + Math.cos(wave(3, p) * b)));
    expect(attentionFits(sum, plainGrid(p), heads)[0].fve).toBeLessThan(1e-6);
    const random = noise(1, p * p);
    const noisy = attentionOf((a, b) => 0.5 + 0.05 * random[a * p + b]);
    expect(attentionFits(noisy, plainGrid(p), heads)[0].fve).toBeLessThan(0.2);
    const constant = attentionFits(
      attentionOf(() => 0.5),
      plainGrid(p),
      heads,
    )[0];
    expect([constant.fve, constant.frequency, constant.alpha]).toEqual([0, 0, 0]);
  });

  it("has a gap between its two tokens", () => {
    expect(
      [
        ...attentionGaps(
          attentionOf((_a, _b, h) => (h === 0 ? 0.75 : 0.5)),
          heads,
        ),
      ].map((x) => x.toFixed(6)),
    ).toEqual(["0.500000", "0.000000"]);
  });
});
