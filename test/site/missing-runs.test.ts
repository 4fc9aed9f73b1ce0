/** What a build says of runs that are not stored. */
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { canonical } from "../../data-loaders/experiments/canonical.js";
import { SWEEPS } from "../../data-loaders/experiments/sweeps.js";
import { REFERENCE_STORE } from "../../data-loaders/places.js";
import { runKey } from "../../data-loaders/run-store/run-key.js";
import { fillOrTell, missingCells, missingRuns } from "../../data-loaders/site/missing-runs.js";

let store: string;
beforeEach(() => {
  store = mkdtempSync(join(tmpdir(), "grok-missing-"));
  vi.stubEnv("GROK_RUNS", store);
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  rmSync(store, { recursive: true });
});

/** Puts a committed run into the store. */
function take(key: string) {
  cpSync(join(REFERENCE_STORE, key), join(store, key), { recursive: true });
}
const mainKeys = canonical.cells.map(({ config }) => runKey(config));

it("tells what the main model lacks with its command and its time, and names the sweeps with gaps", () => {
  take(mainKeys[0]);
  const said = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  fillOrTell(0);
  const lines = said.mock.calls.map(([text]) => String(text)).join("");
  expect(lines).toMatch(/^3 of the pages’ runs are not stored \(about \d+.*to train\); pages show the gap\.\n/);
  expect(lines).toContain("npm run grok -- train --set seed=1\n");
  expect(lines).toMatch(
    /\nCells of sweeps without a run: weight-decay 7 of 8, .*npm run grok -- sweep NAME trains them\.\n$/,
  );
});

it("judges the time by the pace of stored runs, in proportion to their arithmetic and epochs", () => {
  take(mainKeys[0]);
  const missing = missingRuns();
  const [seed1, , twin] = missing;
  expect(missing.map(({ config }) => runKey(config))).toEqual(mainKeys.slice(1));
  expect(seed1.seconds / twin.seconds).toBeCloseTo(4, 6);
  expect(twin.settings).toEqual(["weight_decay=0", "epochs=10000"]);
});

it("has one line for the sweeps where the main model is whole", () => {
  for (const key of mainKeys) take(key);
  expect(missingRuns()).toEqual([]);
  const said = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  fillOrTell(2);
  expect(said.mock.calls).toEqual([[`${missingCells()}\n`]]);
  // Every sweep has the main model among its cells.
  for (const { name, cells } of SWEEPS)
    expect(missingCells()).toContain(`${name} ${cells.length - 1} of ${cells.length}`);
});
