/** Stored weights as files of the site, one checkpoint each, so that a page fetches only what it shows. */
import type { CheckpointRow } from "../../src/training/run-record.js";
import { CHECKPOINT_COLUMNS } from "../run-store/checkpoints-table.js";
import { readFileOf, type StoredRun } from "../run-store/store.js";
import { decodeTable, encodeTable } from "../run-store/tables.js";
import { storedRuns } from "./stored-runs.js";
import { tar } from "./tar.js";

/** Rows of a run's checkpoints as they are stored, by epoch. */
function rowsByEpoch(run: StoredRun): Map<number, CheckpointRow[]> {
  const bytes = readFileOf(run, "checkpoints.arrow");
  const rows = bytes ? decodeTable<CheckpointRow>(bytes, CHECKPOINT_COLUMNS).rows : [];
  const byEpoch = new Map<number, CheckpointRow[]>();
  for (const row of rows) byEpoch.set(row.epoch, [...(byEpoch.get(row.epoch) ?? []), row]);
  return byEpoch;
}

/** Paths of all checkpoints on the site: /checkpoints/KEY/EPOCH.arrow. */
export function checkpointPaths(runs = storedRuns()): string[] {
  return runs.flatMap((run) =>
    [...rowsByEpoch(run).keys()].map((epoch) => `/checkpoints/${run.record.key}/${epoch}.arrow`),
  );
}

/**
 * One run's checkpoints as an archive of EPOCH.arrow, each an Arrow IPC stream with the columns of `CheckpointRow`.
 *
 * @throws RangeError for a run that is not stored
 */
export function checkpointArchive(key: string, runs = storedRuns()): Uint8Array {
  const run = runs.find(({ record }) => record.key === key);
  if (!run) throw new RangeError(`no run ${key} is stored`);
  const files = [...rowsByEpoch(run)].map(
    ([epoch, rows]) => [`${epoch}.arrow`, encodeTable(rows, CHECKPOINT_COLUMNS)] as const,
  );
  return tar(new Map(files));
}
