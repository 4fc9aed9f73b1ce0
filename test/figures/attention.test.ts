/** Figures 9 and 10 on the canonical run's final model and on random weights. */
import { describe, expect, it } from "vitest";
import {
  type AttentionByInputData,
  deriveAttentionByInput,
} from "../../src/derivations/attention/attention-by-input.js";
import {
  type AttentionPatternsData,
  deriveAttentionPatterns,
} from "../../src/derivations/attention/attention-patterns.js";
import { attentionByInput } from "../../src/figures/attention/attention-by-input.js";
import { attentionPatterns } from "../../src/figures/attention/attention-patterns.js";
import { requireModelViews } from "./model-views.js";
import { drawOnPaper, expectSnapshot } from "./snapshot.js";

const { trained, random, memorized } = await requireModelViews();
const pair = { a: 18, b: 34 };
const patterns = (view = trained) => deriveAttentionPatterns(view, {}) as AttentionPatternsData;
const input = (view = trained, choices = {}) =>
  deriveAttentionByInput(view, { ...pair, ...choices }) as AttentionByInputData;

describe("figure 9, attention patterns", () => {
  it("is drawn as before", () => {
    expectSnapshot("attention-patterns", drawOnPaper(attentionPatterns, patterns(), pair));
    expectSnapshot("attention-patterns-random", drawOnPaper(attentionPatterns, patterns(random), { twin: true }));
  });

  it("takes the height it asked for", () => {
    for (const width of [340, 960]) {
      const svg = drawOnPaper(attentionPatterns, patterns(), { width });
      expect(Number(svg.getAttribute("height"))).toBe(attentionPatterns.height(width));
    }
  });

  it("has a headline that random weights, memorized pairs and shuffled tokens do not reach, by 0.5", () => {
    const fve = attentionPatterns.headline(patterns(), {}).value as number;
    expect(fve).toBeGreaterThan(0.8);
    expect(attentionPatterns.headline(patterns(random), {}).value).toBeLessThan(fve - 0.5);
    for (const { shuffledFve } of patterns().heads) expect(shuffledFve).toBeLessThan(fve - 0.5);
    if (memorized) expect(attentionPatterns.headline(patterns(memorized), {}).value).toBeLessThan(fve - 0.5);
    expect(attentionPatterns.claim(patterns(random), {})).toMatch(/^No wave explains more than/);
  });

  it("finds in every head a key frequency, and what passes to both numbers alike about ½", () => {
    for (const { frequency, constant, toItself } of patterns().heads) {
      expect(trained.keyFrequencies).toContain(frequency);
      expect(constant).toBeCloseTo(0.5, 1);
      expect(toItself).toBeLessThan(0.05);
    }
  });

  it("draws the mean of the heads apart, a map instead of four", () => {
    const count = (choices: { heads?: string }) =>
      drawOnPaper(attentionPatterns, patterns(), choices).querySelectorAll("image").length;
    expect(count({})).toBe(9);
    expect(count({ heads: "mean of heads" })).toBe(3);
    const { heads, mean } = patterns();
    const middle = heads.reduce((sum, { map }) => sum + map[1000], 0) / heads.length;
    expect(mean.map[1000]).toBeCloseTo(middle, 5);
  });

  it("gives a row per head and pair", () => {
    const rows = attentionPatterns.rows(patterns(), {});
    expect(rows).toHaveLength(4 * 113 ** 2);
    expect(rows[18 * 113 + 34]).toMatchObject({
      head: 0,
      a: 18,
      b: 34,
      attention: trained.attention[0][(18 * 113 + 34) * 12],
    });
  });

  it("draws the maps without waves where an operation has none", () => {
    const p = random.config.modulus;
    const view = { ...random, config: { ...random.config, operation: "squares" as const } };
    const data = deriveAttentionPatterns(view, {});
    expect(data).toMatchObject({ size: p, axes: ["a", "b"] });
    expect(attentionPatterns.claim(data, {})).toMatch(/^No wave explains/);
  });

  it("names the waves of the heads, and a key frequency that none of them uses", () => {
    const data = patterns();
    const claim = attentionPatterns.claim(data, {});
    expect(claim).toMatch(
      /^Each head attends along one wave of a and b, k = 14 or 17, which explains 86\.2.% to 89\.2.%/,
    );
    expect(claim).toMatch(/with a second, k = 27, it is 96\.5.% to 97\.2.%$/);
    const missing = data.ranked.indexOf(5);
    for (const { keyShares } of data.heads) expect(keyShares[missing]).toBeLessThan(0.02);
    for (const width of [340, 960]) {
      const { textContent } = drawOnPaper(attentionPatterns, data, { width });
      expect(textContent).toMatch(/17: 87\.0.%(k = )?14: 89\.2.%(k = )?27: 10\.9.%(k = )?5: 1\.0.%/);
      expect(textContent).toMatch(/with (k = )?27: 96\.5.%/);
    }
  });

  it("measures what a second wave adds, and draws one head alone", () => {
    const data = deriveAttentionPatterns(trained, {}) as AttentionPatternsData;
    for (const { frequency, fve, second } of data.heads) {
      expect(second.frequency).not.toBe(frequency);
      expect(second.fve).toBeGreaterThan(0.95);
      expect(second.fve).toBeGreaterThan(fve);
    }
    const maps = (heads: string) => drawOnPaper(attentionPatterns, data, { heads }).querySelectorAll("image").length;
    expect(maps("head 2")).toBeLessThan(maps("each head"));
    expect(attentionPatterns.headline(data, { heads: "head 2" }).value).toBe(data.heads[2].fve);
  });
});

describe("figure 10, attention by input", () => {
  it("is drawn as before", () => {
    expectSnapshot("attention-by-input", drawOnPaper(attentionByInput, input(), pair));
    expectSnapshot("attention-by-input-random", drawOnPaper(attentionByInput, input(random), { ...pair, twin: true }));
  });

  it("takes the height it asked for", () => {
    for (const width of [340, 960]) {
      expect(Number(drawOnPaper(attentionByInput, input(), { width }).getAttribute("height"))).toBe(
        attentionByInput.height(width),
      );
    }
  });

  it("has a headline that random weights do not reach, by 0.25", () => {
    const gap = attentionByInput.headline(input(), {}).value as number;
    expect(gap).toBeGreaterThan(0.3);
    expect(attentionByInput.headline(input(random), {}).value).toBeLessThan(gap - 0.25);
    expect(attentionByInput.claim(input(random), {})).toContain("looks at both numbers alike");
  });

  it("shows the chosen pair, with rows that sum to one and look only back", () => {
    for (const choices of [pair, { a: 100, b: 3 }]) {
      const data = input(trained, choices);
      expect(data).toMatchObject({ ...choices, answer: (choices.a + choices.b) % 113, place: [choices.a, choices.b] });
      for (const { head, matrix, slice } of data.heads) {
        for (const row of [0, 1, 2]) {
          const weights = [...matrix.slice(3 * row, 3 * row + 3)];
          expect(weights.reduce((sum, weight) => sum + weight)).toBeCloseTo(1, 5);
          expect(weights.slice(row + 1).every((weight) => weight === 0)).toBe(true);
        }
        const stored = trained.attention[0][((choices.a * 113 + choices.b) * 4 + head) * 3];
        expect(matrix[6]).toBeCloseTo(stored, 4);
        expect(slice[choices.a]).toBe(stored);
      }
    }
    expect(attentionByInput.claim(input(trained, { a: 100, b: 3 }), {})).toContain("Given 100 and 3");
  });

  it("keeps a pair within the residues of a smaller modulus", () => {
    expect(input(trained, { a: 400, b: 3 })).toMatchObject({ a: 112, b: 3 });
  });
});
