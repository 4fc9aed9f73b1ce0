/** `grok sweep` as it is run: the inventory, a sweep on two workers, killed and continued, and what it refuses. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { REFERENCE_STORE } from "../../data-loaders/places.js";
import { listRuns } from "../../data-loaders/run-store/store.js";
import { verifyRun } from "../../data-loaders/runner/verify-run.js";
import { sweepRuns, sweepsNamed } from "../../data-loaders/sweeps/sweep-plan.js";
import { type Ended, grok, lastLine, startGrok } from "../cli/spawn-grok.js";

// Processes and engines start slowly on a busy machine.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

const folder = mkdtempSync(join(tmpdir(), "grok-sweep-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** p = 7 and p = 43. */
const TINY = ["modulus", "--shard", "1/7"];
const [first, second] = sweepRuns(sweepsNamed("modulus"), 1, { index: 1, of: 7 });
const into = (store: string) => [
  ...TINY,
  "--max-epochs",
  "250",
  "--stop-after",
  "20",
  "--workers",
  "2",
  "--out",
  store,
];

/** Checksums of the tables of all runs of a store. */
function tables(store: string): Record<string, unknown> {
  const { runs, broken } = listRuns(store);
  expect(broken).toEqual([]);
  for (const run of runs) expect(verifyRun(run.folder).problems).toEqual([]);
  return Object.fromEntries(runs.map(({ record }) => [record.key, record.files]));
}

const refused = ({ code, stdout, stderr }: Ended, message: string) => {
  expect(stderr.trimEnd().split("\n").at(-1)).toContain(`grok: ${message}`);
  expect([code, stdout]).toEqual([2, ""]);
};

describe("the inventory", () => {
  test("of the committed store ends in one JSON object that adds up", async () => {
    const { code, stdout, stderr } = await grok("sweep", "all", "--dry-run", "--engine", "wasm");
    expect(code).toBe(0);
    const summary = JSON.parse(stdout);
    expect(Object.keys(summary)).toEqual(["cells", "seeds", "done", "missing", "one_layer_without_any_seed"]);
    expect([summary.cells, summary.seeds, summary.done + summary.missing]).toEqual([64, 1, 64]);
    const stored = new Set(listRuns(REFERENCE_STORE).runs.map(({ record }) => record.key));
    const runs = sweepRuns(sweepsNamed("all"), 1);
    expect(summary.done).toBe(runs.filter(({ key }) => stored.has(key)).length);
    const lacking = runs.filter(({ key, config }) => config.layers === 1 && !stored.has(key)).length;
    expect(summary.one_layer_without_any_seed).toBeLessThanOrEqual(lacking);
    expect(stderr).toContain(` 0 held back`);
  });

  test("of an empty store lacks everything, and creates nothing", async () => {
    const store = join(folder, "absent");
    const { stdout } = await grok("sweep", "modulus", "--seeds", "2", "--dry-run", "--out", store);
    expect(JSON.parse(stdout)).toEqual({ cells: 14, seeds: 2, done: 0, missing: 28, one_layer_without_any_seed: 14 });
    expect(existsSync(store)).toBe(false);
  });
});

describe("a sweep", () => {
  const store = join(folder, "straight");
  let outcome: Ended;
  beforeAll(async () => {
    outcome = await grok("sweep", ...into(store));
  });

  test("trains what is missing on two workers, and ends runs early", () => {
    expect(outcome.code).toBe(0);
    expect(lastLine(outcome)).toMatchObject({ cells: 14, done: 2, missing: 0, one_layer_without_any_seed: 12 });
    expect(lastLine(outcome)).toMatchObject({ trained: 2, failed: [], locked: 0 });
    expect(Object.keys(tables(store)).sort()).toEqual([first.key, second.key].sort());
    for (const { record, folder: place } of listRuns(store).runs) {
      expect(record.ended).toEqual({ epoch: 250, reason: "early" });
      const bytes = readdirSync(place).reduce((sum, name) => sum + readFileSync(join(place, name)).length, 0);
      expect(bytes).toBeLessThan(20_000);
    }
    expect(outcome.stderr).toContain(`${first.key}: did not grok, ended early at epoch 250`);
  });

  test("does not train again what is stored; --longer does where it would go further", async () => {
    const again = await grok("sweep", ...into(store));
    expect(lastLine(again)).toMatchObject({ done: 2, trained: 0 });
    const longer = ["--longer", "--dry-run", "--out", store];
    expect(lastLine(await grok("sweep", ...TINY, ...longer, "--max-epochs", "250"))).toMatchObject({ missing: 0 });
    expect(lastLine(await grok("sweep", ...TINY, ...longer, "--max-epochs", "300"))).toMatchObject({ missing: 2 });
    expect(lastLine(await grok("sweep", ...TINY, ...longer))).toMatchObject({ missing: 2 });
  });

  test("killed at once, it leaves its runs saved, and the same command ends with the same bits", async () => {
    const interrupted = join(folder, "killed");
    const sweep = startGrok(["sweep", ...into(interrupted)]);
    const working = join(interrupted, ".working");
    const files = () => (existsSync(working) ? (readdirSync(working, { recursive: true }) as string[]) : []);
    while (!files().some((path) => path.endsWith("weights-00000100.f32"))) await wait();
    sweep.child.kill("SIGKILL");
    expect((await sweep.ended).signal).toBe("SIGKILL");
    while (files().some((path) => path.endsWith("lock"))) await wait();
    const resumed = await grok("sweep", ...into(interrupted));
    expect([resumed.code, resumed.stderr]).toEqual([0, expect.any(String)]);
    expect(tables(interrupted)).toEqual(tables(store));
  });

  test("leaves after --max-minutes", async () => {
    const timed = join(folder, "timed");
    const { code, stdout } = await grok("sweep", ...TINY, "--max-minutes", "0.001", "--out", timed);
    expect([code, JSON.parse(stdout)]).toEqual([0, expect.objectContaining({ trained: 0, missing: 2 })]);
  });

  test("a run that fails is named, the others go on, and it ends with 1", async () => {
    const faulty = join(folder, "faulty");
    mkdirSync(join(faulty, ".working"), { recursive: true });
    writeFileSync(join(faulty, ".working", first.key), "in the way");
    const outcome = await grok("sweep", ...into(faulty));
    expect(outcome.code).toBe(1);
    expect(Object.keys(tables(faulty))).toEqual([second.key]);
    expect(lastLine(outcome)).toMatchObject({ trained: 1, missing: 1, failed: [expect.stringContaining(first.key)] });
    expect(outcome.stderr).toMatch(new RegExp(`\ngrok: 1 failed: ${first.key}: [^\n]*a file where a folder[^\n]*\n$`));
  });

  test("--longer replaces what ended early, from the start; states saved before are removed", async () => {
    const leftover = join(folder, "longer", ".working", first.key);
    const leave = () => {
      mkdirSync(leftover, { recursive: true });
      writeFileSync(join(leftover, "state.bin"), "of no use");
      utimesSync(join(leftover, "state.bin"), 0, 0);
    };
    const one = ["modulus", "--shard", "1/14", "--out", join(folder, "longer")];
    const endAfter = async (...options: string[]) => {
      expect((await grok("sweep", ...one, ...options)).code).toBe(0);
      return listRuns(join(folder, "longer")).runs.map(({ record }) => record.ended.epoch);
    };
    expect(await endAfter("--max-epochs", "10")).toEqual([10]);
    leave();
    expect(await endAfter("--max-epochs", "40", "--dry-run")).toEqual([10]);
    expect(existsSync(leftover)).toBe(true);
    expect(await endAfter("--max-epochs", "40")).toEqual([10]);
    expect(existsSync(leftover)).toBe(false);
    leave();
    expect(await endAfter("--max-epochs", "40", "--longer")).toEqual([40]);
  });

  test("a store of another numerics version is refused, a broken run is left alone", async () => {
    const other = join(folder, "other");
    await grok("sweep", "modulus", "--shard", "1/14", "--max-epochs", "10", "--out", other);
    const path = join(other, first.key, "run.json");
    const text = readFileSync(path, "utf8");
    writeFileSync(path, text.slice(0, 100));
    const held = await grok("sweep", "modulus", "--shard", "1/14", "--out", other);
    expect(lastLine(held)).toMatchObject({ trained: 0, missing: 1, held_back: 1 });
    const remedy = `remove ${join(other, first.key)} to have it trained again`;
    expect(held.stderr).toContain(`1 held back (broken in the store: ${path}: is not whole JSON`);
    expect(held.stderr.split("\n").at(-2)).toMatch(new RegExp(`^grok: 1 held back: broken .*; ${remedy}$`));
    expect(held.code).toBe(1);
    const dry = await grok("sweep", "modulus", "--shard", "1/14", "--out", other, "--dry-run");
    expect([dry.code, dry.stderr]).toEqual([0, expect.stringContaining(remedy)]);
    const { sha256: _, ...record } = JSON.parse(text);
    record.engine.numerics_version = 0;
    const { sha256 } = await import("../../data-loaders/run-store/record-schema.js");
    const outdated = JSON.stringify({ ...record, sha256: sha256(JSON.stringify(record)) });
    writeFileSync(path, outdated);
    refused(
      await grok("sweep", "all", "--out", other),
      `${path}: is of numerics version 0, this is 1; nothing was changed`,
    );
    expect(readFileSync(path, "utf8")).toBe(outdated);
  });
});

test("bad input is one line and exit 2", async () => {
  refused(await grok("sweep", "weightdecay"), "sweep: weightdecay is not allowed; allowed: all, weight-decay,");
  refused(await grok("sweep", "all", "--shard", "3/2"), "--shard: 3/2 is not allowed; allowed: i/n");
  refused(await grok("sweep", "all", "--backend", "cpu"), "--backend: cpu is not allowed; only --engine tfjs");
  refused(
    await grok("sweep", "all", "--engine", "tfjs", "--backend", "abacus"),
    "--backend: abacus is not allowed; allowed: webgpu, wasm, cpu",
  );
  refused(await grok("sweep", "all", "--cell"), "--cell: is for the processes of a sweep");
});

const wait = () => new Promise((resolve) => setTimeout(resolve, 20));
