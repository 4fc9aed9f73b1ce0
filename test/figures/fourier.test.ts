/** Figures 4–8 on the canonical run, on random weights and on the run without weight decay. */
import { describe, expect, it } from "vitest";
import { catalog } from "../../data-loaders/tables/catalog.js";
import { storedRuns } from "../../data-loaders/tables/stored-runs.js";
import { deriveEmbeddingSpectrum, type EmbeddingSpectrum } from "../../src/derivations/fourier/embedding-spectrum.js";
import { deriveFourierGrid, type FourierGrid } from "../../src/derivations/fourier/fourier-grid.js";
import { deriveFrequencySpectrum, type FrequencySpectrum } from "../../src/derivations/fourier/frequency-spectrum.js";
import type { PageChoices } from "../../src/figures/figure.js";
import { embeddingSpectrum } from "../../src/figures/fourier/embedding-spectrum.js";
import { fourierEvolution } from "../../src/figures/fourier/fourier-evolution.js";
import { fourierGrid } from "../../src/figures/fourier/fourier-grid.js";
import { frequencySpectrum } from "../../src/figures/fourier/frequency-spectrum.js";
import { keyLead, keyLeadSentence } from "../../src/figures/fourier/key-lead.js";
import { lorenzCurve } from "../../src/figures/fourier/lorenz-panel.js";
import { halfWays, spectraSeries } from "../../src/figures/fourier/spectra-series.js";
import { spectrumStrip } from "../../src/figures/fourier/spectrum-strip.js";
import { requireModelViews } from "./model-views.js";
import { drawOnPaper, expectSnapshot } from "./snapshot.js";
import { pageData } from "./stored-sample.js";

const { trained, random, memorized } = await requireModelViews();
const keys = trained.keyFrequencies as number[];
const runs = storedRuns();
const { canonical, twin } = catalog(runs);
const tablesOf = (key: string | null) => {
  const run = runs.find(({ record }) => record.key === key);
  if (!run) throw new Error(`the run ${key} is not stored`);
  return pageData(run);
};
const run = tablesOf(canonical);
const withoutDecay = { ...tablesOf(twin), marked: keys.length };
const grokked = run.run.milestones.grokked as number;
const end = { epoch: run.run.ended.epoch };

const spectrum = (view = trained) => deriveFrequencySpectrum(view) as FrequencySpectrum;
const grid = (view = trained) => deriveFourierGrid(view) as FourierGrid;
const embedding = (view = trained) => deriveEmbeddingSpectrum(view) as EmbeddingSpectrum;

describe("figure 4, frequency spectrum", () => {
  const share = (view = trained, choices = {}) => frequencySpectrum.headline(spectrum(view), choices).value as number;

  it("is drawn as before", () => {
    expectSnapshot("frequency-spectrum", drawOnPaper(frequencySpectrum, spectrum()));
    expectSnapshot("frequency-spectrum-random", drawOnPaper(frequencySpectrum, spectrum(random), { twin: true }));
    expectSnapshot(
      "frequency-spectrum-rule-A-narrow",
      drawOnPaper(frequencySpectrum, spectrum(), { rule: "A", width: 340 }),
    );
  });

  it("has a share that random weights and memorized pairs do not reach, by 0.8", () => {
    expect(share()).toBeGreaterThan(0.95);
    expect(share(random)).toBeLessThan(share() - 0.8);
    if (memorized) expect(share(memorized)).toBeLessThan(share() - 0.8);
    expect(frequencySpectrum.claim(spectrum(random), {})).toMatch(/^No frequency stands out/);
  });

  it("names the frequencies of the chosen rule, which move with its threshold", () => {
    expect(frequencySpectrum.claim(spectrum(), { rule: "B" })).toContain(`k = ${keys[0]}`);
    const marked = (choices: PageChoices) =>
      frequencySpectrum.rows(spectrum(), choices).filter((row) => row[`key_by_rule_${choices.rule}`]);
    expect(marked({ rule: "B" }).map((row) => row.frequency)).toEqual(keys);
    expect(marked({ rule: "C" }).map((row) => row.frequency)).toEqual(keys);
    expect(marked({ rule: "A", threshold: 5 }).length).toBeGreaterThan(marked({ rule: "A", threshold: 50 }).length);
    expect(marked({ rule: "C", fve: 99 }).length).toBeLessThan(keys.length);
  });

  it("keeps the final model's key frequencies for an earlier checkpoint", () => {
    const early = { ...spectrum(random), isTwin: false, epoch: 0, final: spectrum() };
    expect(frequencySpectrum.claim(early, {})).toContain(`k = ${keys[0]}`);
    expect(frequencySpectrum.headline(early, {}).value).toBeLessThan(0.05);
    expect(frequencySpectrum.claim({ ...early, final: undefined }, {})).toMatch(/no frequency stands out/);
  });
});

describe("figure 5, 2-D Fourier heatmap", () => {
  it("is drawn as before", () => {
    expectSnapshot("fourier-grid", drawOnPaper(fourierGrid, grid()));
    expectSnapshot("fourier-grid-random", drawOnPaper(fourierGrid, grid(random), { twin: true }));
    expectSnapshot("fourier-grid-log-narrow", drawOnPaper(fourierGrid, grid(), { tone: "log", width: 340 }));
  });

  it("has a share in the blocks that the twins' best blocks do not reach, by 0.8", () => {
    const share = grid().share as number;
    expect(share).toBeGreaterThan(0.95);
    expect(grid(random).share).toBeLessThan(share - 0.8);
    if (memorized) expect(grid(memorized).share).toBeLessThan(share - 0.8);
  });

  it("leaves the constant out, and its shares add up to the whole", () => {
    const rows = fourierGrid.rows(grid(), {});
    expect(rows.some(({ first, second }) => first === "1" && second === "1")).toBe(false);
    expect(rows.reduce((sum, row) => sum + (row.share_of_energy as number), 0)).toBeCloseTo(1, 2);
    const inBlocks = rows
      .filter((row) => row.in_key_block)
      .reduce((sum, row) => sum + (row.share_of_energy as number), 0);
    expect(inBlocks).toBeCloseTo(grid().share as number, 4);
  });

  it("has no cos·sin of one frequency weaker than half of its cos·cos: waves of the sum alone", () => {
    const { norms, size } = grid();
    for (const k of keys) {
      const [c, s] = [2 * k - 1, 2 * k];
      const cells = [norms[c * size + c], norms[c * size + s], norms[s * size + c], norms[s * size + s]];
      expect(Math.min(...cells)).toBeGreaterThan(0.5 * Math.max(...cells));
    }
  });
});

describe("figure 6, Fourier evolution", () => {
  it("is drawn as before", () => {
    expectSnapshot("fourier-evolution", drawOnPaper(fourierEvolution, run, { epoch: grokked }));
    expectSnapshot(
      "fourier-evolution-twin",
      drawOnPaper(fourierEvolution, withoutDecay, { epoch: grokked, twin: true }),
    );
  });

  it("has key frequencies that pass half of their norm thousands of epochs after the twin's strongest", () => {
    const value = (data: typeof run) => fourierEvolution.headline(data, {}).value as number;
    expect(value(run)).toBeGreaterThan(value(withoutDecay) + 2000);
    expect(value(run)).toBeLessThan(2 * grokked);
    expect(fourierEvolution.claim(withoutDecay, {})).toMatch(/^No frequency wins/);
  });

  it("closes up on a run with many evaluations, and draws one with few whole", () => {
    const axisOf = (data: typeof run) =>
      JSON.parse(drawOnPaper(fourierEvolution, data, { scale: "close-up" }).getAttribute("data-epoch-axis") ?? "{}");
    expect(axisOf(run).domain[1]).toBeLessThan(end.epoch);
    const few = run.spectra.filter(({ epoch }) => epoch % 5000 === 0);
    expect(axisOf({ ...run, spectra: few }).domain).toEqual([0, end.epoch]);
  });

  it("has rings in the logits alone: the norms of weights fall as they decay, and pass half of their last early", () => {
    const rings = drawOnPaper(fourierEvolution, run, {}).querySelectorAll('g[aria-label="dot"] circle');
    expect(rings).toHaveLength(keys.length);
  });

  it("says how far the key frequencies lead on the way to grokking, in the logits and in the weights", () => {
    const lead = keyLead(run);
    expect(lead?.epoch).toBeLessThanOrEqual(grokked / 2);
    const { logits = 0, W_L = 0, W_E = 0 } = lead?.ratios ?? {};
    expect(W_E).toBeGreaterThan(1);
    expect(W_L).toBeGreaterThan(W_E);
    expect(logits).toBeGreaterThan(2 * W_L);
    expect(keyLeadSentence(run)).toMatch(/^At epoch \d,\d{3}, less than halfway to grokking, .+ in W_E\.$/);
    expect(keyLeadSentence(withoutDecay)).toBe("");
    expect(keyLeadSentence({ ...run, spectra: [] })).toBe("");
  });

  it("calls no frequency a winner where the training pairs were forgotten", () => {
    const final = { ...withoutDecay.run.final, train_accuracy: 0.01 };
    const claim = fourierEvolution.claim({ ...withoutDecay, run: { ...withoutDecay.run, final } }, {});
    expect(claim).toBe("No frequency becomes key in this run");
  });

  it("finds the last crossing of half of the final norm, between evaluations", () => {
    const rows = [0, 4, 1, 2, 6, 8].map((logits, i) => ({ epoch: 100 * i, frequency: 1, logits, W_L: 0, W_E: 0 }));
    expect(halfWays(spectraSeries(rows), "logits", [1])).toEqual([{ frequency: 1, epoch: 350, final: 8 }]);
  });
});

describe("figure 7, embedding spectrum", () => {
  it("is drawn as before", () => {
    expectSnapshot("embedding-spectrum", drawOnPaper(embeddingSpectrum, embedding()));
    expectSnapshot("embedding-spectrum-random", drawOnPaper(embeddingSpectrum, embedding(random), { twin: true }));
  });

  it("has a Gini that random weights and memorized pairs do not reach, by 0.4", () => {
    const gini = (view = trained) => embeddingSpectrum.headline(embedding(view), {}).value as number;
    expect(gini()).toBeGreaterThan(0.5);
    expect(gini(random)).toBeLessThan(0.1);
    if (memorized) expect(gini(memorized)).toBeLessThan(gini() - 0.4);
  });

  it("draws a curve whose sag is the Gini: twice the area above it, up to the diagonal", () => {
    const { norms, gini } = embedding().right.W_E;
    const curve = lorenzCurve(norms);
    let area = 0;
    for (let i = 1; i < curve.length; i++) {
      area += ((curve[i].held + curve[i - 1].held) / 2) * (curve[i].components - curve[i - 1].components);
    }
    expect(1 - 2 * area).toBeCloseTo(gini, 9);
  });

  it("shows a product in its own basis, and in the additive one on demand", () => {
    const view = { ...random, config: { ...random.config, operation: "multiply" as const } };
    const { right, additive } = embedding(view);
    expect(right.W_E.norms).toHaveLength(56);
    expect(additive?.W_E.norms).toHaveLength(56);
    expect(additive?.W_E.gini).not.toBe(right.W_E.gini);
    expect(embeddingSpectrum.claim(embedding(view), {})).toMatch(/in the basis of the operation.*in the additive one/);
    expect(embeddingSpectrum.headline(embedding(view), { basis: "additive" }).value).toBe(additive?.W_E.gini);
  });
});

describe("figure 8, spectrum strip", () => {
  const share = (data: typeof run, choices: PageChoices) => spectrumStrip.headline(data, choices).value as number;

  it("is drawn as before", () => {
    expectSnapshot("spectrum-strip", drawOnPaper(spectrumStrip, run, { epoch: grokked }));
    expectSnapshot("spectrum-strip-twin", drawOnPaper(spectrumStrip, withoutDecay, { epoch: grokked, twin: true }));
    expectSnapshot(
      "spectrum-strip-log-narrow",
      drawOnPaper(spectrumStrip, run, { epoch: 1000, scale: "log", width: 340 }),
    );
  });

  it("has a share at the end that the twin does not reach, by 0.7, nor the run at its start", () => {
    expect(share(run, end)).toBeGreaterThan(0.95);
    expect(share(withoutDecay, end)).toBeLessThan(share(run, end) - 0.7);
    expect(share(run, { epoch: 0 })).toBeLessThan(0.15);
  });

  it("shows the spectrum that is chosen, at the epoch that is chosen", () => {
    expect(share(run, { epoch: 1000, spectrum: "logits" })).toBeGreaterThan(share(run, { epoch: 1000 }) + 0.3);
    expect(spectrumStrip.claim(run, { epoch: 0 })).toMatch(/^At epoch 0,/);
  });

  it("has columns that add up to the whole", () => {
    const rows = spectrumStrip.rows(run, {}).filter((row) => row.epoch === end.epoch);
    expect(rows).toHaveLength(56);
    expect(rows.reduce((sum, row) => sum + (row.share_of_energy as number), 0)).toBeCloseTo(1, 9);
  });
});

describe("figures 4–8", () => {
  it.each([340, 960])("take the height they asked for at %i pixels", (width) => {
    const heights = [
      [frequencySpectrum, spectrum()],
      [fourierGrid, grid()],
      [fourierEvolution, run],
      [embeddingSpectrum, embedding()],
      [spectrumStrip, run],
    ] as const;
    for (const [figure, data] of heights) {
      const svg = drawOnPaper(figure as typeof fourierGrid, data as FourierGrid, { width });
      expect(Number(svg.getAttribute("height"))).toBe(figure.height(width));
    }
  });

  it("say what is missing", () => {
    const view = { ...random, config: { ...random.config, operation: "multiply" as const, modulus: 12 } };
    for (const derive of [deriveFrequencySpectrum, deriveFourierGrid, deriveEmbeddingSpectrum]) {
      expect(derive(view)).toHaveProperty("gap", expect.stringMatching(/^modulus 12 is not an odd prime/));
    }
    for (const figure of [fourierEvolution, spectrumStrip]) {
      expect(figure.gap({ ...run, spectra: [] }, {})).toMatch(/no spectra are stored/);
      expect(figure.gap({ ...run, run: undefined as never }, {})).toMatch(/not stored/);
    }
  });
});
