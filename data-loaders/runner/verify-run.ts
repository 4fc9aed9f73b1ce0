/** Checks one stored run: checksums, columns, and whether its rows can be true. */
import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { RUN_FILES } from "../../src/training/run-record.js";
import {
  readCheckpoints,
  readMetrics,
  readProgress,
  readRun,
  readSpectra,
  type StoredRun,
} from "../run-store/store.js";
import { StoreError } from "../run-store/store-error.js";

export interface Verification {
  /** Null where run.json itself is broken. */
  run: StoredRun | null;
  /** One line each: the file and what is wrong with it. */
  problems: string[];
}

/** @param folder the run's own folder */
export function verifyRun(folder: string): Verification {
  let run: StoredRun;
  try {
    run = readRun(folder);
  } catch (error) {
    if (error instanceof StoreError) return { run: null, problems: [error.message] };
    throw error;
  }
  const problems: string[] = [];
  if (run.record.key !== basename(folder)) problems.push(`${folder}: holds the run ${run.record.key}`);
  if (!run.record.files["metrics.arrow"]) problems.push(`${join(folder, "run.json")}: names no metrics.arrow`);
  const known = new Set(["run.json", ...Object.keys(run.record.files)]);
  for (const name of readdirSync(folder)) {
    if (!known.has(name)) problems.push(`${join(folder, name)}: not a file of this run`);
  }
  for (const name of RUN_FILES) {
    try {
      const problem = checks[name](run);
      if (problem) problems.push(`${join(folder, name)}: ${problem}`);
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      problems.push(error.message);
    }
  }
  return { run, problems };
}

/** What is implausible about each file's rows, if anything. */
const checks: Record<(typeof RUN_FILES)[number], (run: StoredRun) => string | null> = {
  "metrics.arrow": (run) => {
    const rows = readMetrics(run);
    const { ended, final } = run.record;
    const last = rows.at(-1);
    if (!last) return "has no rows";
    for (const row of rows) {
      if (!(row.train_loss >= 0 && row.test_loss >= 0)) return `a loss at epoch ${row.epoch} is not a number ≥ 0`;
      for (const accuracy of [row.train_accuracy, row.test_accuracy]) {
        if (!(accuracy >= 0 && accuracy <= 1)) return `an accuracy at epoch ${row.epoch} is not from 0 to 1`;
      }
    }
    if (Math.fround(final.test_loss) !== last.test_loss) return "its last row is not run.json's final losses";
    if (ended.reason === "complete" && last.epoch !== ended.epoch)
      return `ends at epoch ${last.epoch}, not ${ended.epoch}`;
    return outOfOrder(
      rows.map((row) => row.epoch),
      ended.epoch,
    );
  },
  "spectra.arrow": (run) => {
    const rows = readSpectra(run);
    const most = (run.record.config.modulus - 1) / 2;
    const wrong = rows.find((row) => row.frequency < 1 || row.frequency > most || row.W_E < 0 || row.W_L < 0);
    if (wrong) return `the row of epoch ${wrong.epoch}, frequency ${wrong.frequency} cannot be`;
    return outOfOrder([...new Set(rows.map((row) => row.epoch))], run.record.ended.epoch);
  },
  "progress.arrow": (run) => {
    const rows = readProgress(run);
    const wrong = rows.find((row) => row.gini_W_E !== null && (row.gini_W_E < 0 || row.gini_W_E > 1));
    if (wrong) return `the Gini coefficient at epoch ${wrong.epoch} is not from 0 to 1`;
    return outOfOrder(
      rows.map((row) => row.epoch),
      run.record.ended.epoch,
    );
  },
  "checkpoints.arrow": (run) => {
    const checkpoints = readCheckpoints(run);
    const wrong = checkpoints.find(({ parameters }) => !parameters.every(Number.isFinite));
    if (wrong) return `a weight at epoch ${wrong.epoch} is not finite`;
    return outOfOrder(
      checkpoints.map(({ epoch }) => epoch),
      run.record.ended.epoch,
    );
  },
};

function outOfOrder(epochs: number[], last: number): string | null {
  const at = epochs.findIndex((epoch, i) => epoch < 0 || epoch > last || (i > 0 && epoch <= epochs[i - 1]));
  return at < 0 ? null : `epoch ${epochs[at]} is out of order or after the run's end`;
}
