/** Evaluations against the model written to be read; the arithmetic of a step. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { createEngine } from "../../data-loaders/engines.js";
import { freshState } from "../../data-loaders/runner/train-run.js";
import { parseConfig } from "../../src/model/config.js";
import { labels, mirrorSplit, splitPairs } from "../../src/model/dataset.js";
import { forward } from "../../src/model/forward.js";
import { isCorrect, mean, rowLoss } from "../../src/model/losses.js";
import { parameterLayout } from "../../src/model/parameters.js";
import { evaluator } from "../../src/training/evaluate.js";
import { stepMultiplyAdds } from "../../src/training/step-work.js";
import { smallConfig } from "./small-run.js";

test.each(["add", "subtract"] as const)("an evaluation of %s is that of the plain forward pass", async (operation) => {
  const config = smallConfig({ operation });
  const split = splitPairs(config);
  const engine = await createEngine("wasm", { config, split, state: freshState(config) }, { threads: 1 });
  await engine.step(60);
  const { row, parameters } = await evaluator(config, split)(engine, 4);
  await engine.dispose();

  const answers = labels(config);
  const traces = Array.from(answers, (_, code) => forward(config, parameters, Math.floor(code / 7), code % 7).logits);
  const loss = (codes: Uint32Array) => mean(Array.from(codes, (code) => rowLoss(traces[code], 0, 7, answers[code])));
  const accuracy = (codes: Uint32Array) =>
    mean(Array.from(codes, (code) => Number(isCorrect(traces[code], 0, 7, answers[code]))));
  expect(row.epoch).toBe(60);
  expect(row.loss_spikes).toBe(4);
  expect(Math.abs(row.train_loss / loss(split.train) - 1)).toBeLessThan(1e-5);
  expect(Math.abs(row.test_loss / loss(split.test) - 1)).toBeLessThan(1e-5);
  expect(row.train_accuracy).toBe(accuracy(split.train));
  expect(row.test_accuracy).toBe(accuracy(split.test));
  const mirrors = mirrorSplit(config, split);
  expect(mirrors === null).toBe(operation === "subtract");
  expect(row.test_accuracy_seen_mirror).toBe(mirrors && accuracy(mirrors.seen));
  expect(row.test_accuracy_unseen_mirror).toBe(mirrors && accuracy(mirrors.unseen));

  const squares = parameters.reduce((sum, value) => sum + value * value, 0);
  expect(row.sum_squared_weights / squares).toBeCloseTo(1, 12);
  const parts = Object.entries(row).filter(([name]) => name.startsWith("w2_"));
  expect(parts).toHaveLength(parameterLayout(config).tensors.length);
  expect(parts.reduce((sum, [, value]) => sum + value, 0) / squares).toBeCloseTo(1, 12);
});

test.each([
  [1, 0.84],
  [2, 4.6],
  [3, 9.2],
])("a step of %i layers is %f G multiply-adds in factored form, as the documents say", (layers, billions) => {
  const count = stepMultiplyAdds(parseConfig({ layers })) / 1e9;
  expect(Math.abs(count - billions)).toBeLessThan(0.05);
  const documents = readFileSync(new URL("../../docs/architecture.md", import.meta.url), "utf8");
  const [, ...said] =
    /\(([\d.]+) instead of.*of two layers is ([\d.]+) G multiply-adds, of three ([\d.]+)\./s.exec(documents) ?? [];
  expect(Number(said[layers - 1])).toBe(billions);
});
