/** Stored checkpoints: float32 to the bit, Int16 without harm to the loss. */
import { beforeAll, describe, expect, test, vi } from "vitest";
import { createEngine } from "../../data-loaders/engines.js";
import { decodeCheckpoints, encodeCheckpoints } from "../../data-loaders/run-store/checkpoints-table.js";
import { freshState } from "../../data-loaders/runner/train-run.js";
import { splitPairs } from "../../src/model/dataset.js";
import { parameterLayout } from "../../src/model/parameters.js";
import { packCheckpoint, unpackCheckpoint } from "../../src/training/checkpoint-rows.js";
import type { Engine } from "../../src/training/engine.js";
import { evaluator } from "../../src/training/evaluate.js";
import { smallConfig } from "./small-run.js";

// Processes and engines start slowly on a busy machine.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

const config = smallConfig({ modulus: 11, d_model: 32, heads: 4, d_mlp: 64, train_fraction: 0.8 });
const split = splitPairs(config);

describe("a trained model", () => {
  let engine: Engine;
  let parameters: Float32Array;
  beforeAll(async () => {
    engine = await createEngine("wasm", { config, split, state: freshState(config) }, { threads: 1 });
    await engine.step(3000);
    parameters = (await engine.state()).parameters;
    return () => engine.dispose();
  });

  const lossesOf = async (weights: Float32Array) => {
    await engine.load({ ...freshState(config), parameters: weights });
    return (await evaluator(config, split)(engine, 0)).row;
  };

  test("in Int16 moves log10 of its losses by less than 0.01", async () => {
    const stored = unpackCheckpoint(config, packCheckpoint(config, 3000, parameters, "int16"));
    const [before, after] = [await lossesOf(parameters), await lossesOf(stored)];
    expect(before.train_loss).toBeLessThan(1e-3);
    expect(before.train_loss).toBeGreaterThan(0);
    expect(after.train_loss).not.toBe(before.train_loss);
    for (const name of ["train_loss", "test_loss"] as const) {
      expect(Math.abs(Math.log10(after[name]) - Math.log10(before[name])), name).toBeLessThan(0.01);
    }
  });

  test("in float32 comes back to the bit; the last of a table is, the others are Int16", () => {
    const bytes = encodeCheckpoints(
      config,
      [
        { epoch: 5, parameters },
        { epoch: 9, parameters },
      ],
      "float32",
    );
    const [first, last] = decodeCheckpoints(config, bytes);
    expect([first.epoch, last.epoch]).toEqual([5, 9]);
    expect(last.parameters).toEqual(parameters);
    expect(first.parameters).not.toEqual(parameters);
    for (const { name, offset, size } of parameterLayout(config).tensors) {
      const values = parameters.subarray(offset, offset + size);
      const largest = values.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
      const errors = values.map((value, i) => Math.abs(value - first.parameters[offset + i]));
      expect(Math.max(...errors), name).toBeLessThanOrEqual((largest / 32767) * 0.51);
    }
    const smaller = encodeCheckpoints(
      config,
      [
        { epoch: 5, parameters },
        { epoch: 9, parameters },
      ],
      "int16",
    );
    expect(smaller.length).toBeLessThan(bytes.length * 0.75);
  });

  test("of another shape is refused", () => {
    const rows = packCheckpoint(config, 0, parameters, "int16");
    const other = { ...config, d_mlp: 65 };
    expect(() => unpackCheckpoint(other, rows)).toThrow(
      /tensor blocks\.0\.W_in of 2080 values is missing or of another/,
    );
    expect(() => unpackCheckpoint(config, rows.slice(1))).toThrow(/tensor W_E of 384 values is missing/);
  });
});
