/** A sweep in a pack, of which some runs are stored where the pack was made. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { CommandError } from "../../data-loaders/command-error.js";
import { takeInventory } from "../../data-loaders/sweeps/inventory.js";
import { type KnownRun, knownRun, readKnownRuns } from "../../data-loaders/sweeps/known-runs.js";
import { sweepRuns, sweepsNamed } from "../../data-loaders/sweeps/sweep-plan.js";
import type { EarlyEnd } from "../../src/training/early-end.js";
import type { Milestones, RunRecord, StartedFrom } from "../../src/training/run-record.js";

const sweeps = sweepsNamed("modulus");
const runs = sweepRuns(sweeps, 1);
const milestones = { grokked: null } as Milestones;
const known: KnownRun[] = [
  { ...runs[0], milestones, ended: { epoch: 40_000, reason: "complete" } },
  { ...runs[1], milestones, ended: { epoch: 15_000, reason: "early" } },
];
const missing = (longer: boolean, earlyEnd: EarlyEnd = {}, elsewhere = known) =>
  takeInventory({ sweeps, runs, store: join(import.meta.dirname, "nowhere"), earlyEnd, longer, known: elsewhere });

test("they are done, and their cells have a run", () => {
  const { done, missing: lacking, oneLayerWithoutAnySeed } = missing(false);
  expect(done).toEqual(runs.slice(0, 2));
  expect(lacking).toEqual(runs.slice(2));
  expect(oneLayerWithoutAnySeed).toBe(runs.length - 2);
});

test("with --longer those that ended earlier than they would now are missing", () => {
  expect(missing(true).done).toEqual(runs.slice(0, 1));
  expect(missing(true, { maxEpochs: 15_000 }).done).toEqual(runs.slice(0, 2));
});

test("one that continued other weights is no sample of its cell", () => {
  const started_from: StartedFrom = { key: "another", epoch: 100, weights: "0".repeat(64), moments: "zero" };
  const [first] = known;
  const continued = knownRun({ ...first, key: `${first.key}-continued`, started_from } as RunRecord);
  expect(continued.started_from).toEqual(started_from);
  expect(knownRun(first as RunRecord)).not.toHaveProperty("started_from");
  const { done, oneLayerWithoutAnySeed } = missing(false, {}, [continued]);
  expect([done.length, oneLayerWithoutAnySeed]).toEqual([0, runs.length]);
});

test("a file that was copied only in part is named, with what to do", () => {
  const folder = mkdtempSync(join(tmpdir(), "grok-known-"));
  const path = join(folder, "known-runs.json");
  writeFileSync(path, JSON.stringify(known).slice(0, 100));
  expect(() => readKnownRuns(path)).toThrow(
    new CommandError(`${path}: is not whole JSON; copy it once more from where the pack was made`, 1),
  );
  writeFileSync(path, JSON.stringify(known));
  expect(readKnownRuns(path)).toEqual(JSON.parse(JSON.stringify(known)));
  rmSync(folder, { recursive: true });
});

test("outside a pack there are none", () => {
  expect(readKnownRuns()).toEqual([]);
});
