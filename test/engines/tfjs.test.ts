import * as tf from "@tensorflow/tfjs";
import { afterEach, describe, expect, it } from "vitest";
import { parseConfig, type RunConfig } from "../../src/model/config.js";
import { labels, splitPairs } from "../../src/model/dataset.js";
import { forward } from "../../src/model/forward.js";
import { initialParameters } from "../../src/model/initialise.js";
import { mean, rowLoss } from "../../src/model/losses.js";
import { MersenneTwister } from "../../src/model/mersenne-twister.js";
import { checkEngine, failures, relativeError, tolerance } from "../../src/training/check.js";
import type { Engine, Problem } from "../../src/training/engine.js";
import type { Backend } from "../../src/training/tfjs/backend.js";
import { createTfjsEngine } from "../../src/training/tfjs/engine.js";
import { FIXTURES, readFixture } from "./fixtures.js";

const BACKENDS = ["cpu", "wasm"] as const;

const threeLayers = parseConfig({
  ...{ operation: "squares", modulus: 5, train_fraction: 0.6, layers: 3, d_model: 8, heads: 2, d_head: 3, d_mlp: 10 },
  ...{ warmup_steps: 2, seed: 4 },
});

function problemOf(config: RunConfig): Problem {
  const parameters = initialParameters(config);
  const zeros = () => new Float32Array(parameters.length);
  return { config, split: splitPairs(config), state: { epoch: 0, parameters, moment1: zeros(), moment2: zeros() } };
}

const alive: Engine[] = [];
const start = async (problem: Problem, backend: Backend) => {
  const engine = await createTfjsEngine(problem, { backend });
  alive.push(engine);
  return engine;
};
afterEach(async () => {
  for (const engine of alive.splice(0)) await engine.dispose();
});

describe.each(BACKENDS)("tfjs on its %s backend", (backend) => {
  it.each(FIXTURES)("agrees with float64 PyTorch on %s", async (name) => {
    const result = await checkEngine((problem) => createTfjsEngine(problem, { backend }), readFixture(name));
    expect(tolerance(result.identity)).toBe(1e-5);
    expect(failures(result), JSON.stringify(result.errors)).toEqual([]);
  });

  it("agrees with the readable forward pass on three layers and another head size", async () => {
    const problem = problemOf(threeLayers);
    const engine = await start(problem, backend);
    const pairs = problem.split.test;
    const found = await engine.inspect(pairs);
    for (const [i, code] of pairs.entries()) {
      const trace = forward(threeLayers, problem.state.parameters, Math.floor(code / 5), code % 5);
      expect(relativeError(found.logits.subarray(i * 5, i * 5 + 5), trace.logits)).toBeLessThan(1e-5);
      for (const [layer, block] of trace.blocks.entries()) {
        const hidden = found.hidden[layer].subarray(i * 10, i * 10 + 10);
        const attention = found.attention[layer].subarray(i * 6, i * 6 + 6);
        expect(relativeError(hidden, block.hidden.subarray(20))).toBeLessThan(1e-5);
        const atEquals = [0, 1].flatMap((head) => [...block.attention.subarray(head * 9 + 6, head * 9 + 9)]);
        expect(relativeError(attention, atEquals)).toBeLessThan(1e-5);
      }
    }
  });

  it("has the gradient that finite differences of the float64 loss give, on three layers", async () => {
    const problem = problemOf(threeLayers);
    const engine = await start(problem, backend);
    const gradient = await engine.gradient();
    const answers = labels(threeLayers);
    const lossAt = (weights: Float64Array) =>
      mean(
        Array.from(problem.split.train, (code) => {
          const { logits } = forward(threeLayers, weights, Math.floor(code / 5), code % 5);
          return rowLoss(logits, 0, 5, answers[code]);
        }),
      );
    const generator = new MersenneTwister([1]);
    for (let trial = 0; trial < 5; trial++) {
      const direction = Float64Array.from(gradient, () => generator.uniform() - 0.5);
      const moved = (by: number) =>
        lossAt(Float64Array.from(problem.state.parameters, (w, i) => w + by * direction[i]));
      const slope = (moved(1e-6) - moved(-1e-6)) / 2e-6;
      const along = gradient.reduce((sum, g, i) => sum + g * direction[i], 0);
      expect(Math.abs(along - slope)).toBeLessThan(1e-5 * Math.max(1, Math.abs(slope)));
    }
  });

  it("continues from a saved state to the bit, and moves nothing in the first step of a warm-up", async () => {
    const problem = problemOf(threeLayers);
    const engine = await start(problem, backend);
    const first = await engine.step(1);
    expect((await engine.state()).parameters).toEqual(problem.state.parameters);
    await engine.step(2);
    const saved = await engine.state();
    const losses = await engine.step(3);
    const end = await engine.state();
    expect(end.epoch).toBe(6);
    expect(losses[2]).toBeLessThan(first[0]);

    const other = await start({ ...problem, state: saved }, backend);
    expect(await other.step(3)).toEqual(losses);
    expect(await other.state()).toEqual(end);
    await engine.load(saved);
    expect(await engine.step(3)).toEqual(losses);
  });

  it("leaves no tensor behind", async () => {
    const before = tf.memory().numTensors;
    const engine = await createTfjsEngine(problemOf(threeLayers), { backend });
    const held = tf.memory().numTensors;
    expect(held).toBeGreaterThan(before);
    await engine.step(2);
    await engine.gradient();
    await engine.inspect(Uint32Array.of(3, 4));
    await engine.load(await engine.state());
    expect(tf.memory().numTensors).toBe(held);
    await engine.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe("tfjs", () => {
  it("gives the same logits whether pairs are asked for together, in chunks of 4096, or alone", async () => {
    const config = parseConfig({ modulus: 67, d_model: 4, heads: 1, d_mlp: 4 });
    const engine = await start(problemOf(config), "wasm");
    const all = await engine.logits(Uint32Array.from({ length: 67 * 67 }, (_, code) => code));
    expect(all.length).toBe(67 * 67 * 67);
    for (const code of [0, 4095, 4096, 4488]) {
      const alone = await engine.logits(Uint32Array.of(code));
      expect(relativeError(all.subarray(code * 67, code * 67 + 67), alone)).toBeLessThan(1e-6);
    }
  });

  it("trains with the naive softmax too", async () => {
    const naive = { ...threeLayers, softmax: "naive_float32" as const, warmup_steps: 0 };
    const engine = await start(problemOf(naive), "cpu");
    const exact = await start(problemOf({ ...naive, softmax: "exact" }), "cpu");
    const losses = await engine.step(5);
    expect(relativeError(losses, await exact.step(5))).toBeLessThan(1e-5);
    expect(losses[4]).toBeLessThan(losses[0]);
  });

  it("refuses a second backend beside a living engine, and takes it afterwards", async () => {
    const problem = problemOf(threeLayers);
    const engine = await createTfjsEngine(problem, { backend: "cpu" });
    await expect(createTfjsEngine(problem, { backend: "wasm" })).rejects.toThrow(
      "tfjs: backend wasm cannot start while an engine on cpu is alive",
    );
    await engine.dispose();
    expect((await start(problem, "wasm")).identity).toMatchObject({ name: "tfjs", variant: "wasm", adapter: "cpu" });
  });

  it("says in one line that there is no WebGPU", async () => {
    await expect(createTfjsEngine(problemOf(threeLayers), { backend: "webgpu" })).rejects.toThrow(
      "tfjs: backend webgpu needs WebGPU, and no adapter answers here",
    );
    expect((await start(problemOf(threeLayers), "cpu")).identity.variant).toBe("cpu");
  });
});
