/** Ends before the last epoch: at an evaluation, recorded, the same to the bit after an interruption. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { SLIM } from "../../data-loaders/experiments/experiment.js";
import { readMetrics } from "../../data-loaders/run-store/store.js";
import { verifyRun } from "../../data-loaders/runner/verify-run.js";
import { wouldGoFurther } from "../../data-loaders/sweeps/inventory.js";
import { endsEarly } from "../../src/training/early-end.js";
import type { MetricsRow, RunRecord } from "../../src/training/run-record.js";
import { ended, QUIET, smallConfig, trainSmall } from "../runner/small-run.js";

const folder = mkdtempSync(join(tmpdir(), "grok-early-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const rows = (...accuracies: number[]) =>
  accuracies.map((test_accuracy, i) => ({ epoch: 100 * i, test_accuracy, train_accuracy: 1 }) as MetricsRow);

describe("when a run ends early", () => {
  test("so many epochs after it has grokked and stayed", () => {
    const stop = (...accuracies: number[]) => endsEarly(rows(...accuracies), 113, { stopAfter: 200 });
    expect(stop(0, 0.5, 0.96, 0.97)).toBe(false);
    expect(stop(0, 0.5, 0.96, 0.97, 0.99)).toBe(true);
    expect(stop(0, 0.96, 0.5, 0.97, 0.99)).toBe(false);
    expect(stop(0, 0.96, 0.5, 0.97, 0.99, 1)).toBe(true);
    expect(stop(0, 0, 0, 0, 0, 0, 0)).toBe(false);
  });

  test("where it has not grokked by the epoch allowed", () => {
    const stop = (...accuracies: number[]) => endsEarly(rows(...accuracies), 113, { maxEpochs: 250 });
    expect(stop(0, 0, 0)).toBe(false);
    expect(stop(0, 0, 0, 0.94)).toBe(true);
    expect(stop(0, 0, 0, 0.96)).toBe(false);
  });

  test("where it has not recovered so many epochs after it fell", () => {
    const stop = (...accuracies: number[]) => endsEarly(rows(...accuracies), 113, { maxEpochs: 250, stopAfter: 200 });
    expect(stop(0, 0, 0.96, 0.5)).toBe(false);
    expect(stop(0, 0, 0.96, 0.5, 0.5)).toBe(false);
    expect(stop(0, 0, 0.96, 0.5, 0.5, 0.5)).toBe(true);
    expect(stop(0, 0.96, 0.5, 0.5, 0.96, 0.5)).toBe(false);
    expect(endsEarly(rows(0, 0.96, 0, 0, 0, 0), 113, { maxEpochs: 250 })).toBe(false);
  });

  test("not without limits", () => {
    expect(endsEarly(rows(0, 1, 1, 1), 113, {})).toBe(false);
    expect(endsEarly([], 113, { maxEpochs: 0 })).toBe(false);
  });
});

test("a run that did not grok ends at --max-epochs, interrupted or not", async () => {
  const config = smallConfig({ modulus: 13, epochs: 5000, train_fraction: 0.2 });
  const request = { keep: SLIM, earlyEnd: { maxEpochs: 300, stopAfter: 100 }, saveEvery: 0 };
  const straight = await ended(trainSmall(join(folder, "straight"), config, request));
  expect(straight.record.ended).toEqual({ epoch: 300, reason: "early" });
  expect(straight.record.milestones.grokked).toBeNull();
  expect(readMetrics(straight).at(-1)?.epoch).toBe(300);
  expect(verifyRun(straight.folder).problems).toEqual([]);

  const store = join(folder, "interrupted");
  let latest = 0;
  const stopped = await trainSmall(store, config, {
    ...request,
    shouldStop: () => latest >= 120,
    watch: {
      ...QUIET,
      trained({ epoch }) {
        latest = epoch;
      },
    },
  });
  expect(stopped.kind).toBe("stopped");
  const resumed = await ended(trainSmall(store, config, request));
  expect(resumed.record.ended).toEqual(straight.record.ended);
  expect(resumed.record.files).toEqual(straight.record.files);
});

test("a run that grokked ends so many epochs later", async () => {
  const config = smallConfig({
    modulus: 11,
    epochs: 20_000,
    train_fraction: 0.85,
    weight_decay: 2,
    learning_rate: 0.005,
  });
  const earlyEnd = { stopAfter: 150, maxEpochs: 15_000 };
  const { record } = await ended(trainSmall(join(folder, "grokked"), config, { keep: SLIM, earlyEnd }));
  const { grokked, evaluation_interval } = record.milestones;
  expect(record.ended.reason).toBe("early");
  expect(grokked).not.toBeNull();
  const after = record.ended.epoch - (grokked as number);
  expect(after).toBeGreaterThanOrEqual(150);
  expect(after).toBeLessThan(150 + Math.max(50, evaluation_interval));
});

test("what was stored early is longer under other limits", () => {
  const record = (epoch: number, grokked: number | null, reason: RunRecord["ended"]["reason"] = "early") =>
    ({ ended: { epoch, reason }, milestones: { grokked } }) as RunRecord;
  const cell = { inFull: false };
  expect(wouldGoFurther(record(15_000, null), cell, { maxEpochs: 15_000 })).toBe(false);
  expect(wouldGoFurther(record(15_000, null), cell, { maxEpochs: 20_000 })).toBe(true);
  expect(wouldGoFurther(record(15_000, null), cell, {})).toBe(true);
  expect(wouldGoFurther(record(9600, 7600), cell, { stopAfter: 2000, maxEpochs: 15_000 })).toBe(false);
  expect(wouldGoFurther(record(9600, 7600), cell, { stopAfter: 5000 })).toBe(true);
  expect(wouldGoFurther(record(9600, 7600), cell, { maxEpochs: 15_000 })).toBe(true);
  expect(wouldGoFurther(record(40_000, null, "complete"), cell, {})).toBe(false);
  expect(wouldGoFurther(record(300, null, "not_finite"), cell, {})).toBe(false);
  expect(wouldGoFurther(record(9600, 7600), { inFull: true }, { stopAfter: 2000 })).toBe(true);
});
