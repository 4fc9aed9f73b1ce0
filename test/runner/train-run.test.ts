/** The runner: stopping and going on, engines that do not fit, weights to start from, what a run keeps. */
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test, vi } from "vitest";
import { createEngine } from "../../data-loaders/engines.js";
import { SLIM } from "../../data-loaders/experiments/experiment.js";
import { readCheckpoints, readMetrics, readProgress, readSpectra } from "../../data-loaders/run-store/store.js";
import { compareRetrained } from "../../data-loaders/runner/retrain.js";
import { storedStart } from "../../data-loaders/runner/stored-start.js";
import { freshState } from "../../data-loaders/runner/train-run.js";
import { verifyRun } from "../../data-loaders/runner/verify-run.js";
import { splitPairs } from "../../src/model/dataset.js";
import { planRun } from "../../src/training/schedule.js";
import { ended, smallConfig, trainSmall } from "./small-run.js";

// Processes and engines start slowly on a busy machine.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

const folder = mkdtempSync(join(tmpdir(), "grok-runner-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const place = (name: string) => join(folder, name);
const wasm = (problem: Parameters<typeof createEngine>[1]) => createEngine("wasm", problem, { threads: 1 });

/** Asks to stop after it was asked this often. */
const stopAfter = (times: number) => {
  let asked = 0;
  return () => ++asked > times;
};

describe("a run", () => {
  test("that is stopped again and again ends with the same bits", async () => {
    const config = smallConfig({ epochs: 400 });
    const whole = await ended(trainSmall(place("whole"), config));
    const epochs: number[] = [];
    let outcome = await trainSmall(place("parts"), config, { shouldStop: stopAfter(4) });
    for (const times of [11, 1, 17, 9, Number.POSITIVE_INFINITY]) {
      if (outcome.kind === "stopped") epochs.push(outcome.epoch);
      outcome = await trainSmall(place("parts"), config, { shouldStop: stopAfter(times) });
    }
    if (outcome.kind === "stopped") throw new Error("has not ended");
    expect(epochs.length).toBeGreaterThan(3);
    for (const name of Object.keys(whole.record.files)) {
      const parts = readFileSync(join(outcome.run.folder, name));
      expect(parts.equals(readFileSync(join(whole.folder, name))), name).toBe(true);
    }
    expect({ ...outcome.run.record, created: "", wall_seconds: 0 }).toEqual({
      ...whole.record,
      created: "",
      wall_seconds: 0,
    });
  });

  test("keeps what is asked: few rows, no weights, the milestones' rows", async () => {
    const config = smallConfig({ modulus: 11, epochs: 3000, train_fraction: 0.7 });
    const all = await ended(trainSmall(place("all"), config));
    const slim = await ended(trainSmall(place("slim"), config, { keep: { ...SLIM, metrics: 30, progress: 20 } }));
    expect(Object.keys(slim.record.files)).toEqual(["metrics.arrow", "spectra.arrow", "progress.arrow"]);
    expect(readCheckpoints(slim)).toEqual([]);
    const rows = readMetrics(all);
    const kept = readMetrics(slim);
    expect(rows.map((row) => row.epoch)).toEqual(planRun(3000).evaluations);
    expect(kept).toHaveLength(30);
    expect(rows).toEqual(expect.arrayContaining(kept));
    const { memorized } = slim.record.milestones;
    expect(memorized).not.toBeNull();
    const at = rows.findIndex((row) => row.epoch === memorized);
    for (const row of [rows[0], rows[at - 1], rows[at], rows.at(-1)]) expect(kept).toContainEqual(row);
    expect(new Set(readSpectra(slim).map((row) => row.epoch)).size).toBe(SLIM.spectra);
    expect(readProgress(slim)).toHaveLength(20);
    expect(readProgress(slim).at(-1)!.epoch).toBe(3000);
    // In additive characters it is that of the last checkpoint; what is kept does not change it.
    const { gini_W_E, gini_W_L } = readProgress(slim).at(-1)!;
    expect(slim.record.sparsity?.additive.W_E).toBeCloseTo(gini_W_E, 6);
    expect(slim.record.sparsity?.additive.W_L).toBeCloseTo(gini_W_L, 6);
    expect(slim.record.sparsity?.multiplicative?.logits).toBeGreaterThan(0);
    expect(slim.record.sparsity).toEqual(all.record.sparsity);
  });

  test("takes no more steps while it is analyzed, so that a batch goes on without it", async () => {
    const calls: string[] = [];
    await trainSmall(place("leaves"), smallConfig(), {
      async createEngine(problem) {
        const engine = await wasm(problem);
        engine.leave = () => void calls.push("leave");
        const { step, load } = engine;
        engine.step = (count) => {
          calls.push("step");
          return step.call(engine, count);
        };
        engine.load = (state) => {
          calls.push("load");
          return load.call(engine, state);
        };
        return engine;
      },
    });
    const left = calls.indexOf("leave");
    expect(new Set(calls.slice(0, left))).toEqual(new Set(["step"]));
    expect(new Set(calls.slice(left + 1))).toEqual(new Set(["load"]));
  });

  test("lets signals and its lock's clock in while it is analyzed", async () => {
    let stop = false;
    const analyzing = vi.fn(() => void setTimeout(() => (stop = true)));
    const watch = { started() {}, trained() {}, analyzing };
    const outcome = await trainSmall(place("lets-in"), smallConfig(), { shouldStop: () => stop, watch });
    expect(outcome.kind).toBe("stopped");
    expect(analyzing).toHaveBeenCalled();
  });

  test("begun by one engine is not continued by another", async () => {
    const config = smallConfig();
    await trainSmall(place("begun"), config, { shouldStop: stopAfter(3) });
    const other = trainSmall(place("begun"), config, {
      createEngine: (problem) => createEngine("tfjs", problem, { threads: 1, backend: "cpu" }),
    });
    await expect(other).rejects.toThrow(
      /was begun by wasm .* and cannot be continued by tfjs cpu on cpu; choose that engine, or remove .* to start over$/,
    );
    expect((await ended(trainSmall(place("begun"), config))).record.ended.reason).toBe("complete");
  });

  test("whose saved state is damaged says so, and starts over on request", async () => {
    const config = smallConfig();
    const stopped = await trainSmall(place("state"), config, { shouldStop: stopAfter(3) });
    const key = stopped.kind === "stopped" ? stopped.key : "";
    const state = join(place("state"), ".working", key, "state.bin");
    truncateSync(state, 2000);
    cpSync(place("state"), place("forced"), { recursive: true });
    const message = `${state}: truncated or altered; remove it to start the run over`;
    await expect(trainSmall(place("state"), config)).rejects.toThrow(message);
    rmSync(state);
    await ended(trainSmall(place("state"), config));
    await ended(trainSmall(place("forced"), config, { startOver: true }));
  });

  test("of an operation without characters for its modulus has metrics and weights, and no spectra", async () => {
    const run = await ended(trainSmall(place("composite"), smallConfig({ modulus: 6, operation: "multiply" })));
    expect(verifyRun(run.folder).problems).toEqual([]);
    expect(run.record.key_frequencies).toBeNull();
    expect(readSpectra(run)).toEqual([]);
    expect(readProgress(run).every((row) => row.restricted_all === null && row.excluded_max === null)).toBe(true);
  });
});

describe("weights to start from", () => {
  test("of a run under way come with their moments: the continued run has the same metrics", async () => {
    const store = place("from");
    const stopped = await trainSmall(store, smallConfig({ epochs: 200 }), { shouldStop: stopAfter(15) });
    if (stopped.kind !== "stopped") throw new Error("has ended");
    const start = storedStart(stopped.key, [place("elsewhere"), store]);
    expect(start.from).toMatchObject({ epoch: stopped.epoch, moments: "kept" });
    const config = smallConfig({ epochs: 300 });
    const continued = await ended(trainSmall(store, config, { start }));
    const undisturbed = await ended(trainSmall(place("undisturbed"), config));
    const expected = readMetrics(undisturbed).filter((row) => row.epoch >= stopped.epoch);
    expect(readMetrics(continued)).toEqual(expected);
    expect(continued.record.key).not.toBe(undisturbed.record.key);
    expect(verifyRun(continued.folder).problems).toEqual([]);
    await expect(compareRetrained(continued, 10, wasm)).rejects.toThrow("continued the weights of");
  });

  test("are refused where there are none", async () => {
    const run = await ended(trainSmall(place("bare"), smallConfig(), { keep: SLIM }));
    expect(() => storedStart(run.folder, [])).toThrow(/--from: .* has no weights stored/);
  });
});

describe("retraining", () => {
  test("notices a number that is not what the code gives", async () => {
    const config = smallConfig();
    const run = await ended(trainSmall(place("true"), config));
    expect((await compareRetrained(run, 100, wasm)).first_difference).toBeNull();
    const other = await ended(trainSmall(place("untrue"), smallConfig({ learning_rate: 0.00101 })));
    const mixed = { ...other, record: { ...other.record, config } };
    const comparison = await compareRetrained(mixed, 100, wasm);
    expect(comparison.compared_by).toBe("bits");
    expect(comparison.first_difference).toMatch(/^\w+ at epoch [2-9]: stored [\d.]+, now [\d.]+$/);
  });
});

test("verification names rows that cannot be, and files that do not belong", async () => {
  const run = await ended(trainSmall(place("odd"), smallConfig()));
  writeFileSync(join(run.folder, "notes.txt"), "mine");
  expect(verifyRun(run.folder).problems).toEqual([`${join(run.folder, "notes.txt")}: not a file of this run`]);
  expect(existsSync(join(place("odd"), ".working", run.record.key))).toBe(false);
  expect(readdirSync(run.folder)).toContain("run.json");
});

test("a fresh state is the seed's, at epoch 0", () => {
  const config = smallConfig();
  const { epoch, parameters, moment1 } = freshState(config);
  expect([epoch, moment1.every((value) => value === 0)]).toEqual([0, true]);
  expect(parameters).toEqual(freshState(config).parameters);
  expect(parameters).not.toEqual(freshState({ ...config, seed: 1 }).parameters);
  expect(splitPairs(config).train).toHaveLength(24);
});
