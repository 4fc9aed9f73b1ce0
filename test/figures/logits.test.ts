/** Figures 18–20 on the canonical run's final model and on its twins. */
import { describe, expect, it } from "vitest";
import { lineCoefficients } from "../../src/analysis/line-sums.js";
import type { ModelView } from "../../src/analysis/model-view.js";
import { plainGrid } from "../../src/analysis/pair-grid.js";
import {
  type CorrectLogitSurfaceData,
  deriveCorrectLogitSurface,
} from "../../src/derivations/logits/correct-logit-surface.js";
import {
  deriveFullAndRestricted,
  type FullAndRestrictedData,
  maskShare,
} from "../../src/derivations/logits/full-and-restricted.js";
import { derivePerSampleLoss, EXPOSURES } from "../../src/derivations/logits/per-sample-loss.js";
import type { Figure } from "../../src/figures/figure.js";
import { correctLogitSurface } from "../../src/figures/logits/correct-logit-surface.js";
import { fullAndRestricted } from "../../src/figures/logits/full-and-restricted.js";
import { binLosses } from "../../src/figures/logits/loss-histograms.js";
import { medianOf, perSampleLoss } from "../../src/figures/logits/per-sample-loss.js";
import { NATURAL, surfaceOrder } from "../../src/figures/logits/surface-order.js";
import { projection, ridges } from "../../src/figures/logits/surface-scene.js";
import { requireModelViews } from "./model-views.js";
import { drawOnPaper, expectSnapshot } from "./snapshot.js";

const { trained, random, memorized } = await requireModelViews();
const pair = { a: 18, b: 34 };
const restricted = (view = trained, choices = {}) =>
  deriveFullAndRestricted(view, { ...pair, ...choices }) as FullAndRestrictedData;
const surface = (view = trained) => deriveCorrectLogitSurface(view) as CorrectLogitSurfaceData;

function takesItsHeight<Data>(figure: Figure<Data>, data: Data, choices: object = {}) {
  for (const width of [340, 960]) {
    const svg = drawOnPaper(figure, data, { width, ...choices });
    expect(Number(svg.getAttribute("height"))).toBe(figure.height(width));
  }
}

/** A view of made-up logits L(a, b, c) in place of the model's own. */
function viewOf(logit: (a: number, b: number, c: number) => number): ModelView {
  const p = trained.config.modulus;
  const logits = Float32Array.from({ length: p ** 3 }, (_, i) => {
    const code = Math.floor(i / p);
    return logit(Math.floor(code / p), code % p, i % p);
  });
  return { ...trained, logits };
}
const w = (2 * Math.PI * (trained.keyFrequencies as number[])[0]) / trained.config.modulus;

describe("figure 18, full and restricted logits", () => {
  it("is drawn as before", () => {
    expectSnapshot("full-and-restricted", drawOnPaper(fullAndRestricted, restricted(), pair));
    const twin = drawOnPaper(fullAndRestricted, restricted(random), { ...pair, twin: true });
    expectSnapshot("full-and-restricted-random", twin);
  });

  it("takes the height it asked for", () => takesItsHeight(fullAndRestricted, restricted()));

  it("has a headline that random weights and memorized pairs do not reach, by 0.7", () => {
    const r2 = fullAndRestricted.headline(restricted(), {}).value as number;
    expect(r2).toBeGreaterThan(0.9);
    expect(fullAndRestricted.headline(restricted(random), {}).value).toBeLessThan(r2 - 0.7);
    if (memorized) expect(fullAndRestricted.headline(restricted(memorized), {}).value).toBeLessThan(r2 - 0.7);
  });

  it("finds that the few waves alone are better than the whole model", () => {
    const { loss } = restricted();
    expect(loss.kept.test).toBeLessThan(loss.full.test);
    expect(loss.full.test).toBeCloseTo(2.4e-7, 8);
    expect(fullAndRestricted.claim(restricted(), {})).toMatch(/^8 of 12,769 components hold 98\.\d.% of.*, below the/);
  });

  it("keeps more with a wider mask, and less without a frequency", () => {
    const [directions, blocks, terms] = restricted().shares;
    const count = trained.keyFrequencies?.length ?? 0;
    expect([directions, blocks, terms].map(({ components }) => components)).toEqual([2, 4, 8].map((n) => n * count));
    expect(blocks.r2).toBeGreaterThan(directions.r2);
    expect(terms.r2).toBeGreaterThan(blocks.r2);
    const k = trained.rankedFrequencies[0];
    const without = restricted(trained, { without: k });
    expect(without).toMatchObject({ without: k });
    expect(without.frequencies).not.toContain(k);
    expect(without.shares[0].r2).toBeLessThan(directions.r2 - 0.1);
    expect(without.loss.kept.test).toBeGreaterThan(1000 * restricted().loss.kept.test);
  });

  it("gives pairs of equal sum one restricted logit, and the difference what is left", () => {
    const { kept, size } = restricted();
    expect(kept[3 * size + 20]).toBeCloseTo(kept[20 * size + 3], 3);
    expect(kept[3 * size + 20]).toBeCloseTo(kept[11 * size + 12], 3);
    const [row] = fullAndRestricted.rows(restricted(), {});
    expect(row.difference).toBeCloseTo((row.full as number) - (row.kept as number), 6);
  });

  it("keeps waves of the sum by all masks, those of the difference by blocks, those of one number by terms", () => {
    const p = trained.config.modulus;
    const shares = (map: (a: number, b: number) => number) => {
      const values = Float64Array.from({ length: p * p }, (_, i) => map(Math.floor(i / p), i % p));
      const lines = lineCoefficients(values, plainGrid(p), 1);
      const [k] = trained.keyFrequencies as number[];
      return (["directions", "blocks", "terms"] as const).map((mask) => maskShare(lines, mask, [k]).r2);
    };
    const expectShares = (actual: number[], expected: number[]) => {
      actual.forEach((share, i) => {
        expect(share).toBeCloseTo(expected[i], 9);
      });
    };
    expectShares(
      shares((a, b) => Math.cos(w * (a + b) + 1)),
      [1, 1, 1],
    );
    expectShares(
      shares((a, b) => Math.sin(w * (a - b))),
      [0, 1, 1],
    );
    expectShares(
      shares((a) => Math.cos(w * a)),
      [0, 0, 1],
    );
    expectShares(
      shares((a, b) => Math.cos(w * a) * Math.cos(w * b)),
      [0.5, 1, 1],
    );
    expectShares(
      shares((a, b) => Math.cos(2 * w * (a + b))),
      [0, 0, 0],
    );
  });

  it("draws the chosen pair, and says why a run without key frequencies is not drawn", () => {
    const { pair: shown } = restricted(trained, { a: 100, b: 20 });
    expect(shown).toMatchObject({ a: 100, b: 20, answer: 7 });
    expect(shown.full[7]).toBe(trained.logits[(100 * 113 + 20) * 113 + 7]);
    expect(Math.max(...shown.kept)).toBe(shown.kept[7]);
    const keyless = deriveFullAndRestricted({ ...trained, keyFrequencies: null }, {});
    expect(keyless).toHaveProperty("gap", expect.stringContaining("no key frequencies"));
  });
});

describe("figure 19, the surface of the right answer’s logit", () => {
  const angles = { azimuth: 30, elevation: 38 };

  it("is drawn as before", () => {
    expectSnapshot("correct-logit-surface", drawOnPaper(correctLogitSurface, surface(), angles));
    const twin = drawOnPaper(correctLogitSurface, surface(random), { ...angles, twin: true });
    expectSnapshot("correct-logit-surface-random", twin);
  });

  it("takes the height it asked for", () => takesItsHeight(correctLogitSurface, surface()));

  it("has a headline that random weights and memorized pairs do not reach, by 0.4", () => {
    const share = correctLogitSurface.headline(surface(), {}).value as number;
    expect(share).toBeGreaterThan(0.42);
    expect(correctLogitSurface.headline(surface(random), {}).value).toBeLessThan(share - 0.4);
    if (memorized) expect(correctLogitSurface.headline(surface(memorized), {}).value).toBeLessThan(share - 0.4);
    expect(correctLogitSurface.claim(surface(random), {})).toMatch(
      /only 0\.1\u00a0% of its variance depends on a − b alone$/,
    );
    expect(correctLogitSurface.claim(surface(), {})).toMatch(
      /47\.3 ± 2\.1 nats: 46.% of its variance depends on a − b alone, on a \+ b alone 16.%$/,
    );
  });

  it("finds no wave in a clock, and waves along the difference alone in a pizza", () => {
    const clock = surface(viewOf((a, b, c) => 10 * Math.cos(w * (a + b - c))));
    expect(clock.distanceIrrelevance).toBeNull();
    expect(clock.deviation).toBeLessThan(1e-4);
    const pizza = surface(viewOf((a, b, c) => Math.abs(Math.cos((w * (a - b)) / 2)) * Math.cos(w * (a + b - c))));
    expect(pizza.byDifference.share).toBeCloseTo(1, 5);
    expect(pizza.bySum.share).toBeLessThan(1e-5);
    expect(pizza.distanceIrrelevance).toBeCloseTo(0, 5);
    expect(pizza.byDifference.frequency).toBe(trained.keyFrequencies?.[0]);
  });

  it("lays every pair at one place, whatever the coordinates and the order", () => {
    const data = surface();
    for (const coordinates of ["sum and difference", "the two numbers"]) {
      for (const turn of [0, NATURAL, 14]) {
        const { at, factors, rotated } = surfaceOrder(data, { coordinates, turn });
        expect(new Set(at).size).toBe(113 ** 2);
        for (const place of [0, 500, 12_000]) {
          const [u, v] = [Math.floor(place / 113), place % 113];
          const [x, y] = [Math.floor(at[place] / 113), at[place] % 113];
          const [first, second] = rotated ? [x + y, x - y + 113] : [x, y];
          expect([(factors[0] * first) % 113, (factors[1] * second) % 113]).toEqual([u, v]);
        }
      }
    }
    expect(surfaceOrder(data, {}).names).toEqual(["17(a + b) mod 113", "27(a − b) mod 113"]);
    expect(surfaceOrder(data, { turn: NATURAL }).names).toEqual(["a + b", "a − b"]);
    expect(surfaceOrder({ ...data, size: 112 }, { turn: NATURAL }).rotated).toBe(false);
  });

  it("projects ridges from the farthest to the nearest, and colours them by their height", () => {
    for (const azimuth of [0, 30, 75, 130, 200, 290]) {
      const box = { x: 300, y: 200, side: 200, height: 90 };
      const seen = projection({ azimuth, elevation: 35 }, box);
      const drawn = ridges(new Float32Array(25).fill(0.5), 5, seen);
      const depths = drawn.map(({ origin }) => origin.y);
      expect([...depths].sort((a, b) => a - b)).toEqual(depths);
      const { gradient, alongFirst } = seen;
      const squared = gradient.x ** 2 + gradient.y ** 2;
      const middle = seen.at(0.5, 0.5, 0);
      for (const [along, t] of [
        [0, 0],
        [0.2, 1],
        [0.9, 0.4],
      ]) {
        const point = alongFirst ? seen.at(along, 0.5, t) : seen.at(0.5, along, t);
        const share = ((point.x - middle.x) * gradient.x + (point.y - middle.y) * gradient.y) / squared;
        expect(share).toBeCloseTo(t, 9);
      }
    }
  });
});

describe("figure 20, loss of every pair", () => {
  const samples = (view = trained) => derivePerSampleLoss(view);

  it("is drawn as before", () => {
    expectSnapshot("per-sample-loss", drawOnPaper(perSampleLoss, samples()));
    expectSnapshot("per-sample-loss-random", drawOnPaper(perSampleLoss, samples(random), { twin: true }));
  });

  it("takes the height it asked for", () => {
    takesItsHeight(perSampleLoss, samples());
    takesItsHeight(perSampleLoss, samples(), { pairs: "together" });
  });

  it.each(["apart", "together"])("leaves no gap at the bottom of a narrow page, pairs %s", (pairs) => {
    const svg = drawOnPaper(perSampleLoss, samples(), { width: 340, pairs });
    const bottoms = [...svg.querySelectorAll("svg svg")].map(
      (panel) => Number(panel.getAttribute("y") ?? 0) + Number(panel.getAttribute("height")),
    );
    expect(Math.abs(Math.max(...bottoms) - perSampleLoss.height(340))).toBeLessThan(4);
  });

  it("has a headline that random weights and memorized pairs exceed, by a factor of a million", () => {
    const loss = perSampleLoss.headline(samples(), {}).value as number;
    expect(loss).toBeLessThan(1e-6);
    expect(perSampleLoss.headline(samples(random), {}).value).toBeGreaterThan(1e6 * loss);
    if (memorized) expect(perSampleLoss.headline(samples(memorized), {}).value).toBeGreaterThan(1e6 * loss);
    expect(perSampleLoss.claim(samples(), {})).toContain("one can hardly tell");
    expect(perSampleLoss.claim(samples(random), {})).toContain("no better than the uniform guess, 4.73");
  });

  it("marks every pair by what was shown of it, and gives its loss", () => {
    const { exposures, losses } = samples();
    const counts = EXPOSURES.map((_, kind) => exposures.filter((each) => each === kind).length);
    expect(counts).toEqual([3830, 2659, 6280]);
    const mean = (codes: Uint32Array) => codes.reduce((sum, code) => sum + losses[code], 0) / codes.length;
    expect(mean(trained.split.test) / 2.3848e-7).toBeCloseTo(1, 2);
    expect(mean(trained.split.train) / 9.3662e-8).toBeCloseTo(1, 2);
    expect(perSampleLoss.rows(samples(), {})[18 * 113 + 34]).toMatchObject({ a: 18, b: 34, answer: 52, pair: "train" });
  });

  it("counts what lies beyond the axis in the outer bins", () => {
    const bins = binLosses(Float32Array.of(0, 1e-12, 0.5, 1e9), [1e-3, 10]);
    expect(bins.reduce((sum, { count }) => sum + count, 0)).toBe(4);
    expect([bins[0].count, bins[bins.length - 1].count]).toEqual([2, 1]);
  });

  it("takes the median of odd and even numbers of values", () => {
    expect(medianOf(Float32Array.of(3, 1, 2))).toBe(2);
    expect(medianOf(Float32Array.of(4, 1, 2, 3))).toBe(2.5);
    expect(medianOf(new Float32Array())).toBeNaN();
  });
});
