/** What is committed under runs/: whole, of this numerics version, and small. */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { REFERENCE_STORE } from "../../data-loaders/places.js";
import { listRuns, type StoredRun } from "../../data-loaders/run-store/store.js";

const { runs, broken } = listRuns(REFERENCE_STORE);
const bytesOf = ({ folder }: StoredRun) =>
  readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);

it("holds no run that cannot be read", () => {
  expect(broken).toEqual([]);
  expect(runs.length).toBeGreaterThan(0);
});

it("takes at most 20 kB for a run without weights", () => {
  const slim = runs.filter(({ record }) => !record.files["checkpoints.arrow"]);
  const large = slim.filter((run) => bytesOf(run) > 20_000).map((run) => `${run.record.key}: ${bytesOf(run)}`);
  expect(large).toEqual([]);
});
