/** Sweeps in batches: which runs go together, how they end, and what happens when the device or the process fails. */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, describe, expect, test, vi } from "vitest";
import { runKey } from "../../data-loaders/run-store/run-key.js";
import { listRuns } from "../../data-loaders/run-store/store.js";
import { WorkingFolder } from "../../data-loaders/run-store/working-folder.js";
import { verifyRun } from "../../data-loaders/runner/verify-run.js";
import { BatchEngines } from "../../data-loaders/sweeps/batch-engines.js";
import type { SweepOutcome } from "../../data-loaders/sweeps/run-sweep.js";
import { sweepBatches } from "../../data-loaders/sweeps/sweep-batches.js";
import { sweepRuns, sweepsNamed } from "../../data-loaders/sweeps/sweep-plan.js";
import type { Engine, Problem } from "../../src/training/engine.js";
import { grok } from "../cli/spawn-grok.js";
import { smallConfig } from "../runner/small-run.js";
import { webGpuEnvironment } from "../swiftshader/environment.js";
import type { SmallSweep, StandIn } from "./small-sweep.js";

vi.setConfig({ testTimeout: 600_000 });

const folder = mkdtempSync(join(tmpdir(), "grok-batches-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Swept extends Omit<SweepOutcome, "trained"> {
  trained: string[];
  /** What was told on the way. */
  lines: string[];
}

async function sweep(store: string, request: SmallSweep, environment: Record<string, string>): Promise<Swept> {
  const program = fileURLToPath(new URL("small-sweep.ts", import.meta.url));
  const args = ["--import", "tsx", program, join(folder, store), JSON.stringify(request)];
  const env = { ...process.env, ...environment };
  const { stdout } = await promisify(execFile)(process.execPath, args, { env });
  const lines = stdout.trimEnd().split("\n");
  return { ...JSON.parse(lines.pop() as string), lines };
}
const onStandIn = (store: string, request: SmallSweep, standIn: StandIn = {}) =>
  sweep(store, request, { STAND_IN: JSON.stringify(standIn) });

/** Where a store's runs ended, and the checksums of their tables, by key. */
function stored(store: string) {
  const { runs, broken } = listRuns(join(folder, store));
  expect(broken).toEqual([]);
  for (const run of runs) expect(verifyRun(run.folder).problems).toEqual([]);
  return new Map(runs.map(({ record }) => [record.key, { ended: record.ended, files: record.files }]));
}

const seeds = (count: number, fields: SmallSweep["configs"][number] = {}) =>
  Array.from({ length: count }, (_, seed) => ({ seed, epochs: 300, ...fields }));

describe("batches", () => {
  test("hold runs of one shape, as many as asked, each once, in the order of the plan", () => {
    const runs = sweepRuns(sweepsNamed("all"), 3);
    const batches = sweepBatches(runs, 16);
    expect(new Set(batches.flat())).toEqual(new Set(runs));
    expect(batches.flat()).toHaveLength(runs.length);
    for (const batch of batches) {
      expect(batch.length).toBeLessThanOrEqual(16);
      expect(new Set(batch.map(({ config }) => `${config.modulus} ${config.layers}`)).size).toBe(1);
    }
    const firsts = batches.map(([first]) => runs.indexOf(first));
    expect(firsts).toEqual([...firsts].sort((a, b) => a - b));
    expect(batches.filter((batch) => batch[0].config.modulus === 113 && batch.length === 16).length).toBeGreaterThan(5);
    expect(sweepBatches(runs, 1)).toEqual(runs.map((run) => [run]));
  });

  test("get their engines together, once all have asked or left", async () => {
    const asked: Problem[][] = [];
    const batch = new BatchEngines(3, async (problems) => {
      asked.push(problems);
      return problems.map((problem) => ({ problem }) as unknown as Engine);
    });
    const [first, second] = [{}, {}] as Problem[];
    const engines = [batch.engineOf(first), batch.engineOf(second)];
    expect(asked).toEqual([]);
    batch.leave();
    expect(await Promise.all(engines)).toEqual([{ problem: first }, { problem: second }]);
    expect(asked).toEqual([[first, second]]);
  });

  test("that the device has no room for are made smaller", async () => {
    const { trained, failed, lines } = await onStandIn(
      "smaller",
      { configs: seeds(5), batch: 5, earlyEnd: {} },
      { most: 2 },
    );
    expect([trained.length, failed]).toEqual([5, []]);
    // All five, then two, two and one.
    expect(lines.filter((line) => line.startsWith("began"))).toHaveLength(10);
  });

  test("go on without a run that another process has", async () => {
    const request = { configs: seeds(3), batch: 3, earlyEnd: {} };
    await onStandIn("locked", { ...request, configs: seeds(1) });
    const [key] = stored("locked").keys();
    const elsewhere = new WorkingFolder(join(folder, "others"), key);
    elsewhere.open();
    const { trained, locked, failed } = await onStandIn("others", request);
    elsewhere.close();
    expect([trained.length, failed]).toEqual([2, []]);
    expect(locked).toEqual([expect.stringContaining(`${key} is being trained by process ${process.pid}`)]);
  });
});

test("a run that another process has is tried once more when all others are over", async () => {
  const configs = seeds(2, { epochs: 3000 });
  const [run, other] = configs.map((fields) => runKey(smallConfig(fields)));
  const elsewhere = new WorkingFolder(join(folder, "later"), run);
  elsewhere.open();
  const { lines, trained, locked } = await onStandIn("later", { configs, batch: 1, workers: 2, earlyEnd: {} });
  elsewhere.close();
  expect([trained, locked]).toEqual([[other], [expect.stringContaining(`${run} is being trained by`)]]);
  const [first, second, ...more] = lines.flatMap((line, i) => (line === `began ${run}` ? [i] : []));
  expect([first, more]).toEqual([0, []]);
  expect(second).toBeGreaterThan(lines.findIndex((line) => line.startsWith(`${other} ended`)));
});

describe("a batch that fails", () => {
  const request: SmallSweep = { configs: seeds(3, { epochs: 3000 }), batch: 3, earlyEnd: {} };

  test("by its device or its process is one line; what was saved is continued, to the same bits", async () => {
    await onStandIn("straight", request);
    const straight = stored("straight");
    const [first] = straight.keys();

    const lost = await onStandIn("lost", request, { lost: 500 });
    expect(lost.failed).toEqual([
      expect.stringMatching(/^\S+ and 2 more of its batch: the GPU device was lost \(for a/),
    ]);
    expect(lost.lines.filter((line) => line.includes("failed"))).toHaveLength(1);
    const killed = await onStandIn("lost", request, { killed: 800 });
    expect(killed.failed).toEqual([
      expect.stringMatching(/^\S+ and 2 more of its batch: its process ended by SIGKILL$/),
    ]);
    expect(stored("lost")).toEqual(new Map());
    const stopped = await onStandIn("lost", { ...request, stopAt: 0 });
    expect([stopped.stopped, stopped.trained, stopped.failed]).toEqual([true, [], []]);
    expect(new WorkingFolder(join(folder, "lost"), first).readState()).not.toBeNull();
    const resumed = await onStandIn("lost", request);
    expect(resumed.trained.sort()).toEqual([...straight.keys()].sort());
    expect(stored("lost")).toEqual(straight);
  });
});

test("the webgpu engine trains a batch from different epochs to different ends, to the bits of each alone", async () => {
  const environment = await webGpuEnvironment();
  const tiny = { modulus: 5, d_model: 8, d_mlp: 16 };
  const configs: SmallSweep["configs"] = [
    { ...tiny, seed: 0, epochs: 200 },
    { ...tiny, seed: 1, epochs: 8, learning_rate: 0.01, weight_decay: 0 },
    { ...tiny, seed: 2, epochs: 3000, train_fraction: 0.3, operation: "multiply" },
  ];
  const alone: SmallSweep = { configs: configs.slice(0, 1), batch: 1, earlyEnd: { maxEpochs: 220 } };
  expect((await sweep("alone", alone, environment)).failed).toEqual([]);
  // Asked as soon as it has begun, it stops a few epochs on.
  const begun = await sweep("together", { ...alone, stopAt: 0 }, environment);
  expect([begun.stopped, begun.failed]).toEqual([true, []]);
  const together = await sweep("together", { ...alone, configs, batch: 3 }, environment);
  expect([together.trained.length, together.failed]).toEqual([3, []]);
  const [[key, run]] = stored("alone");
  expect(stored("together").get(key)).toEqual(run);
  expect([...stored("together").values()].map(({ ended }) => ended.epoch).sort()).toEqual([200, 220, 8]);
});

test("options that do not go together are refused in one line", async () => {
  const refused = await grok("sweep", "all", "--engine", "wasm", "--batch", "4");
  expect([refused.code, refused.stdout]).toEqual([2, ""]);
  expect(refused.stderr).toBe("grok: --batch: 4 is not allowed with wasm; only webgpu trains batches\n");
});
