/** The run store: what is in it, and the tables of its runs. */
import { basename, join } from "node:path";
import type { MetricsRow, ProgressRow, SpectraRow } from "../../src/training/run-record.js";
import { type Checkpoint, decodeCheckpoints } from "./checkpoints-table.js";
import { listFolders, type RunFile, readFileOf, readRun, type StoredRun } from "./run-folder.js";
import { OutdatedRunError, StoreError } from "./store-error.js";
import { decodeSpectra, decodeTable, METRICS_COLUMNS, PROGRESS_COLUMNS } from "./tables.js";

export {
  hasRun,
  isFolder,
  listFolders,
  type RunFile,
  readFileOf,
  readRun,
  runFolder,
  type StoredRun,
  writeRun,
} from "./run-folder.js";

function decodeFile<T>(run: StoredRun, name: RunFile, decode: (bytes: Uint8Array) => T, none: T): T {
  const bytes = readFileOf(run, name);
  if (!bytes) return none;
  try {
    return decode(bytes);
  } catch (error) {
    throw new StoreError(`${join(run.folder, name)}: ${(error as Error).message}`);
  }
}

/** Rows of metrics.arrow. @throws StoreError for a broken file */
export const readMetrics = (run: StoredRun): MetricsRow[] =>
  decodeFile(run, "metrics.arrow", (bytes) => decodeTable<MetricsRow>(bytes, METRICS_COLUMNS).rows, []);

/** Rows of spectra.arrow, scaled back; none where the run has none. @throws StoreError for a broken file */
export const readSpectra = (run: StoredRun): SpectraRow[] => decodeFile(run, "spectra.arrow", decodeSpectra, []);

/** Rows of progress.arrow; none where the run has none. @throws StoreError for a broken file */
export const readProgress = (run: StoredRun): ProgressRow[] =>
  decodeFile(run, "progress.arrow", (bytes) => decodeTable<ProgressRow>(bytes, PROGRESS_COLUMNS).rows, []);

/** Stored checkpoints, ascending; none where the run keeps no weights. @throws StoreError for a broken file */
export const readCheckpoints = (run: StoredRun): Checkpoint[] =>
  decodeFile(run, "checkpoints.arrow", (bytes) => decodeCheckpoints(run.record.config, bytes), []);

/** A folder in a store that is no whole run of this code. */
export interface BrokenRun {
  /** The folder's name. */
  key: string;
  /** Which file, what is wrong. */
  line: string;
  /** Whether what is wrong is that it is of another numerics version. */
  outdated: boolean;
}

export interface StoreListing {
  runs: StoredRun[];
  broken: BrokenRun[];
}

/** All runs of a store, by key; their tables are checked when they are read. */
export function listRuns(store: string): StoreListing {
  const listing: StoreListing = { runs: [], broken: [] };
  for (const folder of listFolders(store)) {
    const key = basename(folder);
    try {
      const run = readRun(folder);
      if (run.record.key !== key) throw new StoreError(`${folder}: holds the run ${run.record.key}`);
      listing.runs.push(run);
    } catch (error) {
      listing.broken.push({ key, line: (error as Error).message, outdated: error instanceof OutdatedRunError });
    }
  }
  return listing;
}
