/** What a run under way keeps on the disk, and whose it is. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { LockedError } from "../../data-loaders/run-store/lock.js";
import { WorkingFolder, type WorkingState } from "../../data-loaders/run-store/working-folder.js";
import { parseConfig } from "../../src/model/config.js";
import { NO_SPIKES } from "../../src/training/spikes.js";

const store = mkdtempSync(join(tmpdir(), "grok-working-"));
afterAll(() => rmSync(store, { recursive: true, force: true }));

const weights = Float32Array.of(1, 2, 3);
const state: WorkingState = {
  config: parseConfig({}),
  engine: { name: "wasm", variant: "simd", adapter: "cpu", numerics_version: 1 },
  training: { epoch: 9, parameters: weights, moment1: weights, moment2: weights },
  evaluated: weights,
  rows: [],
  candidates: [],
  spikes: NO_SPIKES,
  wallSeconds: 1,
};

test("a folder that another process took over is left to it", () => {
  const folder = new WorkingFolder(store, "run-a");
  folder.open();
  folder.saveState(state);
  const lock = { pid: 7, host: "elsewhere", since: "2026-01-01T00:00:00.000Z", started: null };
  writeFileSync(join(folder.path, "lock"), JSON.stringify(lock));
  const saved = readFileSync(join(folder.path, "state.bin"));
  expect(() => folder.saveState({ ...state, wallSeconds: 2 })).toThrow(LockedError);
  expect(() => folder.saveCandidate(9, weights)).toThrow("run-a is being trained by process 7 on elsewhere");
  folder.remove();
  expect(readdirSync(folder.path).sort()).toEqual(["lock", "state.bin"]);
  expect(readFileSync(join(folder.path, "state.bin"))).toEqual(saved);
});

test("a folder of one's own is removed with its lock", () => {
  const folder = new WorkingFolder(store, "run-b");
  folder.open();
  folder.saveState(state);
  folder.remove();
  expect(readdirSync(join(store, ".working"))).not.toContain("run-b");
});
