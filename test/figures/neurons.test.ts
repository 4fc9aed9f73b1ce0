/** Figures 15–17 on the canonical run's final model and on random weights. */
import { describe, expect, it } from "vitest";
import { type ActivationGridsData, deriveActivationGrids } from "../../src/derivations/neurons/activation-grids.js";
import { deriveNeuronLogitMap, type NeuronLogitMapData } from "../../src/derivations/neurons/neuron-logit-map.js";
import { deriveNeuronSpectrum, type NeuronSpectrumData } from "../../src/derivations/neurons/neuron-spectrum.js";
import type { Figure } from "../../src/figures/figure.js";
import { activationGrids } from "../../src/figures/neurons/activation-grids.js";
import { neuronLogitMapFigure } from "../../src/figures/neurons/neuron-logit-map.js";
import { neuronSpectrum } from "../../src/figures/neurons/neuron-spectrum.js";
import { requireModelViews } from "./model-views.js";
import { drawOnPaper, expectSnapshot } from "./snapshot.js";

const { trained, random, memorized } = await requireModelViews();
const keys = trained.keyFrequencies as number[];
const grids = (view = trained, neurons = "") => deriveActivationGrids(view, { neurons }) as ActivationGridsData;
const logitMap = (view = trained, classes = "Fourier") => deriveNeuronLogitMap(view, { classes }) as NeuronLogitMapData;
const spectrum = (view = trained) => deriveNeuronSpectrum(view, {}) as NeuronSpectrumData;

const cases: [Figure<never>, (view?: typeof trained) => object][] = [
  [activationGrids, (view) => grids(view)],
  [neuronLogitMapFigure, (view) => logitMap(view)],
  [neuronSpectrum, spectrum],
];

describe.each(cases)("figure $number, $name", (figure, derive) => {
  it("is drawn as before", () => {
    expectSnapshot(figure.id, drawOnPaper(figure, derive() as never));
    expectSnapshot(`${figure.id}-random`, drawOnPaper(figure, derive(random) as never, { twin: true }));
  });

  it("takes the height it asked for", () => {
    for (const width of [340, 960]) {
      const svg = drawOnPaper(figure, derive() as never, { width });
      expect(Number(svg.getAttribute("height"))).toBe(figure.height(width));
    }
  });
});

describe("figure 15, activation grids", () => {
  it("has a headline that random weights, memorized pairs and shuffled tokens do not reach, by 0.4", () => {
    const fve = activationGrids.headline(grids(), {}).value as number;
    expect(fve).toBeGreaterThan(0.85);
    expect(activationGrids.headline(grids(random), {}).value).toBeLessThan(fve - 0.4);
    for (const { shuffledFve } of grids().neurons) expect(shuffledFve).toBeLessThan(fve - 0.4);
    if (memorized) expect(activationGrids.headline(grids(memorized), {}).value).toBeLessThan(fve - 0.4);
  });

  it("explains with the fit the share that it says", () => {
    for (const { activation, fit, fve } of grids().neurons) {
      const mean = activation.reduce((sum, value) => sum + value, 0) / activation.length;
      let [left, all] = [0, 0];
      activation.forEach((value, i) => {
        left += (value - fit[i]) ** 2;
        all += (value - mean) ** 2;
      });
      expect(1 - left / all).toBeCloseTo(fve, 4);
    }
  });

  it("shows typical neurons of different clusters, and those that are chosen", () => {
    expect(new Set(grids().neurons.map(({ frequency }) => frequency)).size).toBe(Math.min(4, keys.length));
    const chosen = grids(trained, "3,77,3,600");
    expect(chosen.neurons.map(({ neuron }) => neuron)).toEqual([3, 77]);
    expect(chosen.neurons[1].activation[5 * 113 + 9]).toBe(trained.hidden[0][(5 * 113 + 9) * 512 + 77]);
    expect(activationGrids.claim(chosen, {})).toContain("chosen neurons");
  });
});

describe("figure 16, neuron–logit map", () => {
  it("has a headline that random weights do not reach: a rank lower by 60, a residual lower by 0.5", () => {
    const { rank, residual } = logitMap();
    expect(rank).toBeLessThanOrEqual(2 * keys.length + 2);
    expect(logitMap(random).rank).toBeGreaterThan(rank + 60);
    expect(logitMap(random).residual).toBeGreaterThan(residual + 0.5);
    if (memorized) expect(logitMap(memorized).rank).toBeGreaterThan(rank + 30);
  });

  it("counts in squares what lies outside the waves, as shares of variance are, and gives the norm beside it", () => {
    expect(neuronLogitMapFigure.claim(logitMap(), {})).toMatch(
      /rank 8: waves at k = 5, 14, 17 and 27 hold all but 0\.32.% of its squares, 5\.64.% of its norm$/,
    );
    expect(neuronLogitMapFigure.claim(logitMap(random), {})).toMatch(
      / 91\.3.% of its squares lie outside its 4 strongest/,
    );
  });

  it("has the same rows on both axes, each with the same energy", () => {
    const [waves, raw] = [logitMap(), logitMap(trained, "raw")];
    expect(raw.columns).toEqual(Array.from({ length: 113 }, (_, c) => String(c)));
    expect(waves.columns.slice(0, 3)).toEqual(["1", "cos 1", "sin 1"]);
    expect(raw.neurons).toEqual(waves.neurons);
    const energy = (map: Float32Array, row: number) =>
      map.subarray(113 * row, 113 * (row + 1)).reduce((sum, value) => sum + value * value, 0);
    for (const row of [0, 200, 511]) expect(energy(raw.map, row) / energy(waves.map, row)).toBeCloseTo(1, 4);
  });

  it("gives each cluster the two columns of its own frequency", () => {
    const { map, stretches } = logitMap();
    for (const { frequency, from, to } of stretches.filter(({ frequency: k }) => keys.includes(k))) {
      let [own, all] = [0, 0];
      for (let i = from * 113; i < to * 113; i++) {
        all += map[i] ** 2;
        if (Math.ceil((i % 113) / 2) === frequency) own += map[i] ** 2;
      }
      expect(own / all).toBeGreaterThan(0.8);
    }
  });

  it("draws the axis that is chosen, and marks the neurons that are", () => {
    const text = (classes: string) => drawOnPaper(neuronLogitMapFigure, logitMap(trained, classes)).textContent;
    expect(text("raw")).toContain("answer c");
    expect(text("Fourier")).toContain("cos and sin side by side");
    const marks = (neurons: string) =>
      drawOnPaper(neuronLogitMapFigure, logitMap(), { neurons }).querySelectorAll("path title").length;
    expect(marks("3,77")).toBe(marks("") + 2);
  });
});

describe("figure 17, neuron spectrum", () => {
  it("has a headline that random weights, memorized pairs and shuffled tokens do not reach, by 250 neurons", () => {
    const value = neuronSpectrum.headline(spectrum(), {}).value as number;
    expect(value).toBeGreaterThan(300);
    expect(neuronSpectrum.headline(spectrum(random), {}).value).toBe(0);
    expect(spectrum().shuffled.filter((fve) => fve >= 0.85)).toHaveLength(0);
    if (memorized) expect(neuronSpectrum.headline(spectrum(memorized), {}).value).toBeLessThan(value - 250);
  });

  it("has every neuron once, in the order of the neuron–logit map, with the best share it says", () => {
    const { neurons, shares, fve, frequencyCount } = spectrum();
    expect(neurons).toEqual(logitMap().neurons);
    expect(new Set(neurons).size).toBe(512);
    fve.forEach((value, row) => {
      expect(Math.max(...shares.subarray(row * frequencyCount, (row + 1) * frequencyCount))).toBeCloseTo(value, 5);
    });
  });
});
