/**
 * Two small runs of this project's own code, stored beside the tests: a + b mod 31 with weight decay 2, which groks,
 * and its twin without weight decay, which does not. Both keep four checkpoints.
 */
import { fileURLToPath } from "node:url";
import { canonical } from "../../data-loaders/experiments/canonical.js";
import { REFERENCE_STORE } from "../../data-loaders/places.js";
import { runKey } from "../../data-loaders/run-store/run-key.js";
import {
  listRuns,
  readMetrics,
  readProgress,
  readRun,
  readSpectra,
  runFolder,
  type StoredRun,
} from "../../data-loaders/run-store/store.js";
import { catalog } from "../../data-loaders/tables/catalog.js";
import { phasesOfRun } from "../../src/figures/training-dynamics/run-phases.js";

export const SAMPLE_STORE = fileURLToPath(new URL("store/", import.meta.url));

/** The two runs; a change of the store's format or numerics needs them trained again. */
export function sampleRuns(): { trained: StoredRun; twin: StoredRun } {
  const { runs, broken } = listRuns(SAMPLE_STORE);
  if (broken.length) throw new Error(broken.map(({ line }) => line).join("; "));
  const withDecay = (decay: number) => {
    const run = runs.find(({ record }) => record.config.weight_decay === decay);
    if (!run) throw new Error(`${SAMPLE_STORE} has no run with weight decay ${decay}`);
    return run;
  };
  return { trained: withDecay(2), twin: withDecay(0) };
}

/** The canonical run and its twin, as committed. */
export function committedRuns(): { trained: StoredRun; twin: StoredRun } {
  const run = (decay: number) => {
    const cell = canonical.cells.find(({ config }) => config.seed === 0 && config.weight_decay === decay);
    if (!cell) throw new Error(`the canonical experiment has no cell with weight decay ${decay}`);
    return readRun(runFolder(REFERENCE_STORE, runKey(cell.config)));
  };
  return { trained: run(1), twin: run(0) };
}

/** What a page of a whole run has loaded: the data of figures 1–3 and others of their kind. */
export function pageData(run: StoredRun) {
  const metrics = readMetrics(run);
  const progress = readProgress(run);
  return {
    run: catalog([run]).runs[0],
    metrics,
    progress,
    spectra: readSpectra(run),
    phases: phasesOfRun(metrics, progress),
  };
}
