/** Figures 21–23 on the canonical run and its twins. */
import { describe, expect, it } from "vitest";
import { weightsOfRun } from "../../data-loaders/figure-export/model-views.js";
import { trajectoryData } from "../../data-loaders/figure-export/trajectory-figures.js";
import { readMetrics, readSpectra } from "../../data-loaders/run-store/store.js";
import { catalog } from "../../data-loaders/tables/catalog.js";
import { storedRuns } from "../../data-loaders/tables/stored-runs.js";
import { inspectAllPairs } from "../../src/analysis/forward-logits.js";
import { viewModel } from "../../src/analysis/model-view.js";
import { joinFrames, logitFrame } from "../../src/derivations/trajectories/logit-frames.js";
import { type TokenPaths, tokensAt } from "../../src/derivations/trajectories/token-paths.js";
import type { AnimationData } from "../../src/figures/trajectories/animation-stage.js";
import {
  checkpointAt,
  type EmbeddingTrajectoryData,
  embeddingTrajectory,
} from "../../src/figures/trajectories/embedding-trajectory.js";
import { isSeedOf, parameterPathData, shortName } from "../../src/figures/trajectories/measured-paths.js";
import { type ParameterPathData, parameterPathFigure } from "../../src/figures/trajectories/parameter-path.js";
import { placeLabels } from "../../src/figures/trajectories/place-labels.js";
import { synchronizedAnimation } from "../../src/figures/trajectories/synchronized-animation.js";
import { waveOrder } from "../../src/figures/trajectories/token-ring.js";
import { drawOnPaper, expectSnapshot } from "./snapshot.js";

const runs = storedRuns();
const { canonical, twin, runs: summaries } = catalog(runs);
const stored = (key: string | null) => {
  const run = runs.find(({ record }) => record.key === key);
  if (!run) throw new Error("the store has no canonical run with its twin; trajectories cannot be tested");
  return run;
};
const run = stored(canonical);
/** With one more seed and no others, so that the pictures stay the same when runs are added to the store. */
const others = runs.filter(({ record }) => record.config.seed === 1 && isSeedOf(record.config, run.record.config));
const pair = { run, memorized: stored(twin), others };
const data = async <Data>(id: string, model: "random weights" | "memorized" | null = null) =>
  (await trajectoryData(id, pair, model)) as Data;

const tokens = await data<EmbeddingTrajectoryData>("embedding-trajectory");
const randomTokens = await data<EmbeddingTrajectoryData>("embedding-trajectory", "random weights");
const memorizedTokens = await data<EmbeddingTrajectoryData>("embedding-trajectory", "memorized");
const path = await data<ParameterPathData>("parameter-path");
const memorizedPath = await data<ParameterPathData>("parameter-path", "memorized");

/** Some checkpoints only, in plain TypeScript, whose bits are the same on every processor. */
async function moving(
  run: typeof pair.run,
  ofTokens: EmbeddingTrajectoryData,
  epochs: number[],
): Promise<AnimationData> {
  const models = weightsOfRun(run, epochs).map((model) => ({
    ...model,
    keyFrequencies: pair.run.record.key_frequencies,
  }));
  const frames = [];
  for (const model of models) frames.push(logitFrame(await viewModel(model, inspectAllPairs)));
  const summary = summaries.find(({ key }) => key === run.record.key);
  const logits = joinFrames(epochs, frames);
  return { run: summary, metrics: readMetrics(run), spectra: readSpectra(run), tokens: ofTokens.tokens, logits };
}
const animation = await moving(pair.run, tokens, [0, 6250, 40_000]);
const memorizedAnimation = await moving(pair.memorized, memorizedTokens, [10_000]);

describe("figure 21, the embedding over training", () => {
  it("is drawn as before", () => {
    expectSnapshot("embedding-trajectory", drawOnPaper(embeddingTrajectory, tokens, { epoch: 6300 }));
    expectSnapshot("embedding-trajectory-random", drawOnPaper(embeddingTrajectory, randomTokens, { twin: true }));
  });

  it("takes the height it asked for", () => {
    for (const width of [340, 960]) {
      for (const each of [tokens, randomTokens]) {
        const svg = drawOnPaper(embeddingTrajectory, each, { width });
        expect(Number(svg.getAttribute("height"))).toBe(embeddingTrajectory.height(width));
      }
    }
  });

  it("has a headline that random weights and memorized pairs do not reach, by 0.15", () => {
    for (const choices of [{}, { plane: 3 }, { basis: "key plane" }, { basis: "key plane", plane: 2 }]) {
      const share = embeddingTrajectory.headline(tokens, choices).value as number;
      expect(share).toBeGreaterThan(0.2);
      for (const other of [randomTokens, memorizedTokens]) {
        expect(embeddingTrajectory.headline(other, choices).value).toBeLessThan(share - 0.15);
        expect(embeddingTrajectory.claim(other, choices)).toMatch(/^No ring stands out/);
      }
    }
    expect(embeddingTrajectory.claim(tokens, {})).toMatch(/ring of k.=.17: the plane grows from 2\.5.% to 27\.3.%/);
  });

  it("has one basis for all checkpoints: what the plane holds of them adds up to less than all", () => {
    const { planes, epochs, residues } = tokens.tokens as TokenPaths;
    expect(epochs).toEqual(summaries.find(({ key }) => key === canonical)?.checkpoints);
    const pcs = planes.filter(({ basis }) => basis === "final PCs");
    const last = epochs.length - 1;
    expect(pcs.reduce((sum, { shares }) => sum + shares[last], 0)).toBeGreaterThan(0.9);
    expect(pcs.reduce((sum, { shares }) => sum + shares[0], 0)).toBeLessThan(0.2);
    // At the last checkpoint the tokens lie about the origin; at others their mean is where it was.
    const mean = (checkpoint: number) =>
      tokensAt(tokens.tokens as TokenPaths, 0, checkpoint).reduce((sum, value) => sum + value, 0) / residues.length;
    expect(mean(last)).toBeCloseTo(0, 5);
  });

  it("finds in each pair of components one key frequency", () => {
    const { planes, ranked } = tokens.tokens as TokenPaths;
    const pcs = planes.filter(({ basis }) => basis === "final PCs");
    expect(pcs.map(({ ring }) => ring).sort()).toEqual([...ranked].sort());
    for (const { ringShare } of pcs) expect(ringShare).toBeGreaterThan(0.95);
  });

  it("joins the tokens in the order of a wave, and goes to the nearest checkpoint", () => {
    const order = waveOrder(113, 17);
    expect(new Set(order).size).toBe(113);
    expect(order.slice(0, 3).map((t) => (17 * t) % 113)).toEqual([0, 1, 2]);
    expect([undefined, 0, 26, 9999].map((epoch) => checkpointAt([0, 10, 40], epoch))).toEqual([2, 0, 2, 2]);
  });

  it("says what is missing of a run without weights", () => {
    expect(embeddingTrajectory.gap({ tokens: null }, {})).toMatch(/no weights of this run/);
    expect(embeddingTrajectory.gap({ tokens: null, missing: "train it" }, {})).toBe("train it");
  });
});

describe("figure 22, the path of the weights", () => {
  it("is drawn as before", () => {
    expectSnapshot("parameter-path", drawOnPaper(parameterPathFigure, path, { epoch: 6300 }));
    expectSnapshot("parameter-path-memorized", drawOnPaper(parameterPathFigure, memorizedPath, { twin: true }));
  });

  it("takes the height it asked for", () => {
    for (const width of [340, 960]) {
      const svg = drawOnPaper(parameterPathFigure, path, { width, components: "1 and 3" });
      expect(Number(svg.getAttribute("height"))).toBe(parameterPathFigure.height(width));
    }
  });

  it("parts the run from its twin: the one turns and goes on, the other stays at the turn, by half of the way", () => {
    expect(parameterPathFigure.headline(path, {})).toMatchObject({
      text: expect.stringMatching(/^86\.8.%; epoch 1,250$/),
    });
    expect(parameterPathFigure.headline(memorizedPath, {}).value).toBeNull();
    const end = memorizedPath.path?.landmarks.find(({ run }) => run === twin);
    // Along the way from the turn to the end the run itself gets to 1.
    expect(end?.progress).toBeLessThan(0.5);
    expect(end?.nearest.epoch).toBeLessThan(500);
    expect(end?.fromEnd).toBeGreaterThan(3 * (end?.nearest.distance as number));
    expect(parameterPathFigure.claim(memorizedPath, {})).toContain("they do not take its turn");
  });

  it("holds more in two directions than a random walk of the same steps, and says how much that has", () => {
    const { shares, walk } = path.path as NonNullable<typeof path.path>;
    const two = (values: readonly number[]) => values[0] + values[1];
    expect(two(shares)).toBeGreaterThan(two(walk.shares));
    expect(drawOnPaper(parameterPathFigure, path).textContent).toContain("83.6");
  });

  it("lays seeds over one another by what every run has", () => {
    const names = path.measured.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(["seed 0", "seed 1", "weight decay 0"]));
    const [seed] = path.measured.filter(({ chosen }) => chosen);
    expect(seed.points[seed.points.length - 1].length).toBeLessThan(seed.points[0].length);
    const svg = drawOnPaper(parameterPathFigure, path);
    for (const name of names) expect(svg.textContent).toContain(name);
  });

  it("writes the seeds, which end at one place, under one another", () => {
    const ends = { run: "x", name: "seed 2", chosen: false, points: [{ epoch: 40_000, length: 30, loss: 2.2e-7 }] };
    const data = { ...path, measured: [...path.measured, ends] };
    const down = (node: Element | null) =>
      Number(/translate\([^,]+,([^)]+)\)/.exec(node?.getAttribute("transform") ?? "")?.[1] ?? 0);
    for (const width of [340, 960]) {
      const texts = [...drawOnPaper(parameterPathFigure, data, { width }).querySelectorAll("text")];
      const heights = texts
        .filter(({ textContent }) => /^seed \d$/.test(textContent ?? ""))
        .map((text) => down(text) + down(text.parentElement))
        .sort((y, z) => y - z);
      expect(heights).toHaveLength(3);
      for (let i = 1; i < 3; i++) expect(heights[i] - heights[i - 1]).toBeGreaterThan(12);
    }
  });

  it("tells two runs that differ in their length alone apart", () => {
    const [first] = summaries.filter(({ key }) => key === canonical);
    const run = (key: string) => ({ key, config: { ...first.config, weight_decay: 0 } });
    const row = (name: string, epoch: number) => ({ run: name, epoch, sum_squared_weights: 1, test_loss: 1 });
    const { measured } = parameterPathData({
      run: "x",
      runs: [first, run("x"), run("y")],
      reference: first.key,
      pathOf: () => null,
      rows: [row("x", 10_000), row("y", 15_000)],
    });
    const names = ["weight decay 0, 10,000 epochs", "weight decay 0, 15,000 epochs"];
    expect(measured.map(({ name }) => name)).toEqual(names);
  });

  it("places labels beside one another and off the points, and leaves out what has no room", () => {
    const frame = { left: 0, right: 200, top: 0, bottom: 100 };
    const label = (x: number, text: string, optional = false) => ({ x, y: 50, text, optional });
    const points = [80, 100, 120].map((x) => ({ x, y: 50 }));
    const placed = placeLabels(
      [label(100, "weight decay 0"), label(104, "320"), label(108, "330", true)],
      points,
      frame,
    );
    expect(placed.map(({ label: { text }, dy }) => [text, Math.sign(dy)])).toEqual([
      ["weight decay 0", -1],
      ["320", 1],
    ]);
    expect(placeLabels([label(5, "far left")], [], frame)[0].dx).toBeGreaterThan(0);
  });

  it("has nothing to draw of a run of another size, and says so", () => {
    const none = parameterPathData({ run: "x", runs: [], reference: null, pathOf: () => null, rows: [] });
    expect(parameterPathFigure.gap(none, {})).toContain("neither a path nor its last weights");
  });

  it("names a run by what is different", () => {
    const [first] = summaries.filter(({ key }) => key === canonical);
    const other = (fields: object) => ({ key: "x", config: { ...first.config, ...fields } });
    expect(shortName(other({ seed: 7 }), first)).toBe("seed 7");
    expect(shortName(other({ weight_decay: 0, epochs: 10 }), first)).toBe("weight decay 0");
    expect(shortName(other({ seed: 3, modulus: 31 }), first)).toBe("a + b, seed 3, p 31");
  });
});

describe("figure 23, everything at once", () => {
  it("is drawn as before", () => {
    const choices = { epoch: 6300, scale: "close-up" as const };
    expectSnapshot("synchronized-animation", drawOnPaper(synchronizedAnimation, animation, choices));
    const other = drawOnPaper(synchronizedAnimation, memorizedAnimation, { epoch: 10_000, twin: true });
    expectSnapshot("synchronized-animation-memorized", other);
  });

  it("takes the height it asked for", () => {
    for (const width of [340, 960]) {
      const svg = drawOnPaper(synchronizedAnimation, animation, { width });
      expect(Number(svg.getAttribute("height"))).toBe(synchronizedAnimation.height(width));
    }
  });

  it("has a headline that the run without weight decay does not reach, by 0.7", () => {
    const share = synchronizedAnimation.headline(animation, {}).value as number;
    expect(share).toBeGreaterThan(0.95);
    expect(synchronizedAnimation.headline(memorizedAnimation, {}).value).toBeLessThan(share - 0.7);
    expect(synchronizedAnimation.headline(animation, { epoch: 0 }).value).toBeLessThan(0.01);
    expect(synchronizedAnimation.claim(memorizedAnimation, {})).toMatch(/^Nothing gathers/);
  });

  it("moves every part with the epoch", () => {
    const parts = (epoch: number) => {
      const svg = drawOnPaper(synchronizedAnimation, animation, { epoch });
      const [logits] = svg.querySelectorAll("image");
      return {
        words: [...svg.querySelectorAll("text")]
          .map((text) => text.textContent)
          .find((text) => text?.startsWith("epoch ")),
        logits: logits.getAttribute("href"),
        dots: svg.querySelector("circle[r='1.6']")?.getAttribute("cx"),
        bars: [...svg.querySelectorAll("rect")].map((bar) => bar.getAttribute("height")).join(),
      };
    };
    const [early, late] = [parts(0), parts(40_000)];
    expect(early.words).toBe("epoch 0");
    expect(late.words).toBe("epoch 40,000");
    for (const part of ["logits", "dots", "bars"] as const) expect(early[part]).not.toBe(late[part]);
  });

  it("keeps its scales: the diagonal of right answers grows in them", () => {
    const { means, residues, epochs } = animation.logits as NonNullable<AnimationData["logits"]>;
    const n = residues.length;
    const diagonal = epochs.map((_, at) =>
      residues.reduce((sum, _answer, i) => sum + means[at * n * n + i * n + i] / n, 0),
    );
    expect(diagonal[0]).toBeLessThan(0.5);
    expect(diagonal[2]).toBeGreaterThan(30);
  });

  it("says what is not stored of a run without weights, and draws the rest", () => {
    const bare = { ...animation, tokens: null, logits: null };
    expect(synchronizedAnimation.gap(bare, {})).toBeNull();
    const words = drawOnPaper(synchronizedAnimation, bare).textContent;
    expect(words).toContain("the tokens: no weights stored");
    expect(words).toContain("the logits: no weights stored");
    expect(synchronizedAnimation.gap({ ...animation, spectra: [] }, {})).toMatch(/no spectra/);
  });
});
