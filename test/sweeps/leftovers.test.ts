/** Saved states beside stored runs: which a sweep removes. */
import { cpSync, existsSync, mkdtempSync, rmSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { SLIM } from "../../data-loaders/experiments/experiment.js";
import { runKey } from "../../data-loaders/run-store/run-key.js";
import { runFolder } from "../../data-loaders/run-store/store.js";
import { WorkingFolder } from "../../data-loaders/run-store/working-folder.js";
import { removeLeftovers } from "../../data-loaders/sweeps/leftovers.js";
import { ended, smallConfig, trainSmall } from "../runner/small-run.js";

const folder = mkdtempSync(join(tmpdir(), "grok-leftovers-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const config = smallConfig();
const run = { key: runKey(config), config, keep: SLIM, inFull: false };

/** A store with a saved state, and unless it is `underWay` the run, stored so many seconds after the state. */
function storeWith(name: string, secondsLater: number, { underWay = false } = {}): string {
  const store = join(folder, name);
  cpSync(join(folder, "stopped"), store, { recursive: true });
  if (!underWay) cpSync(runFolder(join(folder, "whole"), run.key), runFolder(store, run.key), { recursive: true });
  const saved = Date.now() / 1000 - 100;
  utimesSync(join(working(store), "state.bin"), saved, saved);
  const stored = saved + secondsLater;
  if (!underWay) utimesSync(join(runFolder(store, run.key), "run.json"), stored, stored);
  return store;
}
const working = (store: string) => new WorkingFolder(store, run.key).path;

beforeAll(async () => {
  await ended(trainSmall(join(folder, "whole"), config, { keep: SLIM }));
  await trainSmall(join(folder, "stopped"), config, { shouldStop: () => true });
});

test("a state that was saved before its run was stored is removed, with the weights beside it", () => {
  const store = storeWith("leftover", 50);
  removeLeftovers(store, [run]);
  expect(existsSync(working(store))).toBe(false);
  expect(existsSync(runFolder(store, run.key))).toBe(true);
  const weightsOnly = storeWith("weights-only", -50);
  rmSync(join(working(weightsOnly), "state.bin"));
  removeLeftovers(weightsOnly, [run]);
  expect(existsSync(working(weightsOnly))).toBe(false);
});

test("a state that was saved later, of a further training, stays; so do those of runs that are not stored", () => {
  for (const store of [storeWith("longer", -50), storeWith("under-way", 0, { underWay: true })]) {
    removeLeftovers(store, [run]);
    expect(new WorkingFolder(store, run.key).readState()).not.toBeNull();
  }
});

test("what another process is at stays", () => {
  const store = storeWith("locked", 50);
  const other = new WorkingFolder(store, run.key);
  other.open();
  removeLeftovers(store, [run]);
  expect(other.readState()).not.toBeNull();
  other.close();
});
