/** Keys: readable, and new whenever anything that decides the results is new. */
import { expect, test } from "vitest";
import { canonical } from "../../data-loaders/experiments/canonical.js";
import { PRESETS } from "../../data-loaders/experiments/presets.js";
import { runKey } from "../../data-loaders/run-store/run-key.js";
import { CONFIG_FIELDS, parseConfig } from "../../src/model/config.js";

test("the slug names what differs between runs", () => {
  expect(runKey(parseConfig({}))).toMatch(/^add-p113-f0\.3-wd1-lr1e-3-s0-[0-9a-f]{8}$/);
  const other = { operation: "cubic", layers: 2, softmax: "naive_float32", beta2: 0.999, learning_rate: 3e-4, seed: 7 };
  expect(runKey(parseConfig(other))).toMatch(/^cubic-p113-f0\.3-wd1-lr3e-4-l2-naive-b2-0\.999-s7-[0-9a-f]{8}$/);
});

test("the same configuration has one key, however it is written", () => {
  expect(runKey(parseConfig({ seed: 0, d_head: 32, modulus: 113 }))).toBe(runKey(parseConfig({})));
});

test("every field is in the key, and so are the weights it started from", () => {
  const changed = {
    operation: "subtract",
    modulus: 97,
    train_fraction: 0.31,
    layers: 2,
    d_model: 64,
    heads: 2,
    d_head: 16,
    d_mlp: 256,
    learning_rate: 0.002,
    weight_decay: 0.5,
    beta1: 0.8,
    beta2: 0.99,
    epsilon: 1e-7,
    warmup_steps: 0,
    softmax: "naive_float32",
    epochs: 100,
    seed: 1,
  };
  expect(Object.keys(changed)).toEqual([...CONFIG_FIELDS]);
  const keys = Object.entries(changed).map(([field, value]) => runKey(parseConfig({ [field]: value })));
  const from = { key: "run", epoch: 10, weights: "0".repeat(64), moments: "zero" as const };
  keys.push(runKey(parseConfig({})), runKey(parseConfig({}), from), runKey(parseConfig({}), { ...from, epoch: 11 }));
  expect(new Set(keys).size).toBe(keys.length);
});

test("presets and experiments name different runs", () => {
  const presets = PRESETS.map(({ config }) => runKey(config));
  expect(new Set(presets).size).toBe(presets.length);
  const cells = canonical.cells.map(({ config }) => runKey(config));
  expect(new Set(cells).size).toBe(cells.length);
  expect(cells[0]).toBe(presets[0]);
});
