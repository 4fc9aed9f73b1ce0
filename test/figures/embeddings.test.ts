/** Figures 11 and 12 on the canonical run's final model and on random weights. */
import { describe, expect, it } from "vitest";
import {
  deriveEmbeddingCircles,
  type EmbeddingCirclesData,
} from "../../src/derivations/embeddings/embedding-circles.js";
import { deriveNeuronClusters, type NeuronClustersData } from "../../src/derivations/embeddings/neuron-clusters.js";
import { embeddingCircles } from "../../src/figures/embeddings/embedding-circles.js";
import { neuronClustersFigure } from "../../src/figures/embeddings/neuron-clusters.js";
import { requireModelViews } from "./model-views.js";
import { drawOnPaper, expectSnapshot } from "./snapshot.js";

const { trained, random, memorized } = await requireModelViews();
const keys = trained.keyFrequencies as number[];
const circles = (view = trained, choices = {}) => deriveEmbeddingCircles(view, choices) as EmbeddingCirclesData;
const clusters = (view = trained) => deriveNeuronClusters(view, {}) as NeuronClustersData;

describe("figure 11, embedding circles", () => {
  it("is drawn as before", () => {
    expectSnapshot("embedding-circles", drawOnPaper(embeddingCircles, circles()));
    expectSnapshot("embedding-circles-random", drawOnPaper(embeddingCircles, circles(random), { twin: true }));
  });

  it("takes the height it asked for", () => {
    for (const width of [340, 960]) {
      expect(Number(drawOnPaper(embeddingCircles, circles(), { width }).getAttribute("height"))).toBe(
        embeddingCircles.height(width),
      );
    }
  });

  it("has a headline that random weights and memorized pairs do not reach, by 0.5", () => {
    const value = embeddingCircles.headline(circles(), {}).value as number;
    expect(value).toBeGreaterThan(0.9);
    expect(embeddingCircles.headline(circles(random), {}).value).toBeLessThan(value - 0.5);
    if (!memorized) return;
    expect(embeddingCircles.headline(circles(memorized), {}).value).toBeLessThan(value - 0.5);
    expect(embeddingCircles.claim(circles(memorized), {})).toContain("no circles in this embedding");
    expect(embeddingCircles.claim(circles(random), {})).toMatch(
      /hold no circles: circularity 0\.078 of 1, though 50.% to 56.% of what is seen in planes picked for their waves is the wave$/,
    );
  });

  it("shows that a plane picked for its wave has some of it at random initialisation too", () => {
    for (const { waveShare } of circles().circles) expect(waveShare).toBeGreaterThan(0.97);
    for (const { waveShare } of circles(random).circles) {
      expect(waveShare).toBeGreaterThan(0.4);
      expect(waveShare).toBeLessThan(0.75);
    }
    expect(circles().random?.circle.waveShare).toBeLessThan(0.75);
    expect(circles().random?.circularity).toBeLessThan(0.12);
    expect(circles(random).random).toBeNull();
  });

  it("has a panel per key frequency, and one more for a frequency that is asked for", () => {
    expect(circles().circles.map(({ frequency }) => frequency)).toEqual(keys);
    const other = [1, 2, 3].find((k) => !keys.includes(k)) as number;
    expect(circles(trained, { frequency: other }).circles.map(({ frequency }) => frequency)).toEqual([...keys, other]);
    expect(circles(trained, { frequency: keys[0] }).circles).toHaveLength(keys.length);
  });

  it("asks for a frequency where the model has no key ones", () => {
    const without = { ...trained, keyFrequencies: null };
    expect(deriveEmbeddingCircles(without, {})).toHaveProperty("gap", expect.stringContaining("choose a frequency"));
    expect(circles(without, { frequency: 7 }).circles).toHaveLength(1);
  });

  it("puts neighbours on the circle next to each other", () => {
    const { circles: shown, residues } = circles();
    for (const { frequency, xy } of shown) {
      const turns = Array.from(residues, (_, t) => Math.atan2(xy[2 * t + 1], xy[2 * t]) / (2 * Math.PI));
      const off = turns.map((turn, t) => {
        const gap = Math.abs(turn - ((frequency * t) % residues.length) / residues.length) % 1;
        return Math.min(gap, 1 - gap);
      });
      expect(Math.max(...off)).toBeLessThan(0.08);
    }
  });
});

describe("figure 12, neuron frequency clusters", () => {
  it("is drawn as before", () => {
    expectSnapshot("neuron-clusters", drawOnPaper(neuronClustersFigure, clusters()));
    expectSnapshot("neuron-clusters-random", drawOnPaper(neuronClustersFigure, clusters(random), { twin: true }));
  });

  it("takes the height it asked for", () => {
    for (const width of [340, 960]) {
      expect(Number(drawOnPaper(neuronClustersFigure, clusters(), { width }).getAttribute("height"))).toBe(
        neuronClustersFigure.height(width),
      );
    }
  });

  it("has a headline that random weights, memorized pairs and shuffled tokens do not reach, by 250 neurons", () => {
    const value = neuronClustersFigure.headline(clusters(), {}).value as number;
    expect(value).toBeGreaterThan(300);
    expect(neuronClustersFigure.headline(clusters(random), {}).value).toBe(0);
    expect(clusters().shuffled.filter((fve) => fve >= 0.85)).toHaveLength(0);
    if (memorized) expect(neuronClustersFigure.headline(clusters(memorized), {}).value).toBeLessThan(value - 250);
    expect(neuronClustersFigure.claim(clusters(random), {})).toMatch(/^No neuron is explained/);
  });

  it("counts k and p − k as one: every cluster is at a folded frequency", () => {
    const { best, fve } = clusters();
    fve.forEach((value, j) => {
      if (value >= 0.85) expect(best[j]).toBeLessThanOrEqual(56);
    });
    for (const k of keys) {
      expect(best.filter((frequency, j) => frequency === k && fve[j] >= 0.85).length).toBeGreaterThan(20);
    }
  });

  it("counts again when the threshold moves", () => {
    const at = (threshold: number) => neuronClustersFigure.headline(clusters(), { threshold }).value as number;
    expect(at(60)).toBeGreaterThan(at(85));
    expect(at(99)).toBeLessThan(at(85));
    expect(neuronClustersFigure.headline(clusters(), { threshold: 60 }).label).toContain("60");
  });
});
