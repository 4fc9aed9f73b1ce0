/** Figures 13 and 14 on the canonical run, on random weights and on the run without weight decay. */
import { describe, expect, it } from "vitest";
import { weightsOfRun, weightsOfTwin } from "../../data-loaders/figure-export/model-views.js";
import { readMetrics, type StoredRun } from "../../data-loaders/run-store/store.js";
import { catalog } from "../../data-loaders/tables/catalog.js";
import { storedRuns } from "../../data-loaders/tables/stored-runs.js";
import { TENSORS } from "../../src/derivations/weights/choices.js";
import {
  chosenEpochs,
  type WeightEvolutionData,
  weightEvolutionSeries,
} from "../../src/derivations/weights/weight-evolution.js";
import { deriveWeightHeatmaps } from "../../src/derivations/weights/weight-heatmaps.js";
import { lowerSubscripts } from "../../src/figures/subscripts.js";
import { weightEvolution } from "../../src/figures/weights/weight-evolution.js";
import { weightHeatmaps } from "../../src/figures/weights/weight-heatmaps.js";
import { requireModelViews } from "./model-views.js";
import { drawOnPaper, expectSnapshot, serverDocument } from "./snapshot.js";

const { trained, random, memorized } = await requireModelViews();
const runs = storedRuns();
const { canonical, twin } = catalog(runs);
const run = runs.find(({ record }) => record.key === canonical) as StoredRun;
const withoutDecay = runs.find(({ record }) => record.key === twin);
const EPOCHS = [0, 200, 2000, 5000, 6500, 40_000];

const evolutionOf = (choices: object = {}, models = weightsOfRun(run, EPOCHS)) =>
  weightEvolutionSeries.derive(models, { ...choices }) as WeightEvolutionData;

describe("figure 13, weight heatmaps", () => {
  const heatmaps = (view = trained, choices = {}) => deriveWeightHeatmaps(view, choices);
  const share = (view = trained) => weightHeatmaps.headline(heatmaps(view), {}).value as number;

  it("is drawn as before", () => {
    expectSnapshot("weight-heatmaps", drawOnPaper(weightHeatmaps, heatmaps()));
    expectSnapshot("weight-heatmaps-random", drawOnPaper(weightHeatmaps, heatmaps(random), { twin: true }));
    expectSnapshot(
      "weight-heatmaps-raw-narrow",
      drawOnPaper(weightHeatmaps, heatmaps(trained, { transform: "raw" }), { width: 340 }),
    );
  });

  it("has a share in key rows that random weights and memorized pairs do not reach, by 0.6", () => {
    expect(share()).toBeGreaterThan(0.8);
    expect(share(random)).toBeLessThan(share() - 0.6);
    expect(share(random)).toBeLessThan(0.12);
    if (memorized) expect(share(memorized)).toBeLessThan(share() - 0.6);
    expect(weightHeatmaps.claim(heatmaps(random), {})).toMatch(/would be even$/);
  });

  it("puts the rows of the key frequencies first, and shares do not depend on how it is shown", () => {
    const { matrices, shares, ranked } = heatmaps();
    for (const { keyRows, rowNames } of matrices) {
      expect(keyRows).toEqual(ranked.flatMap((k) => [k, k]));
      expect(rowNames?.slice(0, 2)).toEqual([`cos ${ranked[0]}`, `sin ${ranked[0]}`]);
      expect(rowNames).not.toContain("1");
    }
    expect(heatmaps(trained, { transform: "raw" }).shares).toEqual(shares);
  });

  it("has every weight in the raw matrices, once", () => {
    const { matrices } = heatmaps(trained, { transform: "raw" });
    expect(matrices.map(({ name }) => name)).toEqual([...TENSORS]);
    const all = matrices.reduce((sum, { values }) => sum + values.reduce((squares, w) => squares + w * w, 0), 0);
    expect(all).toBeCloseTo(
      trained.parameters.reduce((sum, w) => sum + w * w, 0),
      2,
    );
    expect(matrices.reduce((count, { values }) => count + values.length, 0)).toBe(trained.parameters.length);
  });

  it("has every neuron in one cluster of columns", () => {
    const { stretches } = heatmaps();
    expect(stretches[0].from).toBe(0);
    expect(stretches.reduce((count, { from, to }) => count + to - from, 0)).toBe(512);
    expect(stretches.slice(0, 4).map(({ frequency }) => frequency)).toEqual([...trained.rankedFrequencies]);
  });

  it("draws weights without a Fourier basis too, and says that no row is key", () => {
    const config = { ...random.config, operation: "multiply" as const, modulus: 12 };
    const view = { ...random, config, keyFrequencies: null, rankedFrequencies: [] };
    expect(weightHeatmaps.headline(heatmaps(view), {}).value).toBeNull();
    expect(weightHeatmaps.claim(heatmaps(view), {})).toMatch(/^No frequency is key/);
  });
});

describe("figure 14, weight evolution", () => {
  it("is drawn as before", () => {
    expectSnapshot("weight-evolution", drawOnPaper(weightEvolution, evolutionOf()));
    const random = evolutionOf({}, weightsOfTwin("random weights", run));
    expectSnapshot("weight-evolution-random", drawOnPaper(weightEvolution, random, { twin: true }));
    const neurons = evolutionOf({ matrix: "W_out" });
    expectSnapshot("weight-evolution-W_out-narrow", drawOnPaper(weightEvolution, neurons, { width: 340 }));
  });

  it("ends with at most 0.6 of the squared weights of either twin", () => {
    const total = (models = weightsOfRun(run, EPOCHS)) =>
      weightEvolution.headline(evolutionOf({}, models), {}).value as number;
    expect(total()).toBeLessThan(0.6 * total(weightsOfTwin("random weights", run)));
    if (withoutDecay) expect(total()).toBeLessThan(0.6 * total(weightsOfTwin("memorized", run, withoutDecay)));
  });

  it("has the squared weights of each tensor that were measured while training", () => {
    const measured = readMetrics(run).at(-1);
    const last = evolutionOf().checkpoints.at(-1);
    for (const name of TENSORS) {
      expect(last?.squares[name]).toBeCloseTo(measured?.[`w2_${name}`] ?? Number.NaN, 1);
    }
  });

  it("shows the checkpoints nearest to those asked for, else even steps from the first to the last", () => {
    const stored = [0, 10, 100, 1000, 2000, 3000, 4000, 5000];
    expect(chosenEpochs(stored, { epochs: "2400,90,90" })).toEqual([100, 2000]);
    expect(chosenEpochs(stored, { epochs: "" })).toEqual([0, 10, 1000, 2000, 4000, 5000]);
    expect(chosenEpochs([7], {})).toEqual([7]);
  });

  it("draws the matrix that is chosen, a vector raw whatever is asked", () => {
    expect(evolutionOf({ matrix: "W_in" }).checkpoints[0].heat).toMatchObject({ name: "W_in", columns: 512 });
    expect(evolutionOf({ matrix: "b_in", transform: "Fourier" })).toMatchObject({ matrix: "b_in", transform: "raw" });
    expect(evolutionOf({ matrix: "W_K", transform: "raw" }).checkpoints[0].heat.rows).toBe(128);
  });

  it("has one scale of colours for all epochs: the first map is paler than the last", () => {
    const { checkpoints } = evolutionOf({ matrix: "W_out" });
    const energy = (i: number) => checkpoints[i].heat.values.reduce((sum, w) => sum + w * w, 0);
    expect(energy(0)).toBeLessThan(energy(5));
    const svg = drawOnPaper(weightEvolution, evolutionOf({ matrix: "W_out" }));
    expect(svg.querySelectorAll(".color-legend")).toHaveLength(1);
  });
});

it.each([340, 960])("figures 13 and 14 take the height they asked for at %i pixels", (width) => {
  const heat = drawOnPaper(weightHeatmaps, deriveWeightHeatmaps(trained, {}), { width });
  expect(Number(heat.getAttribute("height"))).toBe(weightHeatmaps.height(width));
  const evolution = drawOnPaper(weightEvolution, evolutionOf(), { width });
  expect(Number(evolution.getAttribute("height"))).toBe(weightEvolution.height(width));
});

it("lowers the subscripts of names of weights, and nothing else", () => {
  const document = serverDocument();
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.innerHTML = "<text>W_in, as W_E W_V</text><text>sum_of b</text>";
  lowerSubscripts(svg, document);
  const [names, words] = svg.querySelectorAll("text");
  expect([...names.querySelectorAll("[font-size]")].map((node) => node.textContent)).toEqual(["in", "E", "V"]);
  expect(names.textContent).toBe("Win, as WE WV");
  expect(words.textContent).toBe("sum_of b");
});
