/** When a run memorized, grokked, and what else is dated: from its evaluations. Definitions: see `Milestones`. */
import type { MetricsRow, Milestones, ProgressRow } from "./run-record.js";

const MEMORIZED = 0.99;
export const GROKKED = 0.95;
/** Test accuracy this many times chance counts as the start of the climb. */
const TIMES_CHANCE = 5;
const GINI_BASELINE_EPOCHS = 200;
const GINI_STAYS_EPOCHS = 500;

/**
 * @param rows metrics, ascending; at least one
 * @param progress progress measures, ascending; may be empty
 * @param modulus p
 */
export function findMilestones(
  rows: readonly MetricsRow[],
  progress: readonly ProgressRow[],
  modulus: number,
): Milestones {
  const grokked = firstThatStays(rows, (row) => row.test_accuracy >= GROKKED);
  const around = grokked < 0 ? rows.length - 1 : grokked;
  const epochAt = (index: number) => (index < 0 ? null : rows[index].epoch);
  let peak = 0;
  for (let i = 1; i < rows.length; i++) {
    if (rows[i].sum_squared_weights > rows[peak].sum_squared_weights) peak = i;
  }
  return {
    memorized: epochAt(rows.findIndex((row) => row.train_accuracy >= MEMORIZED)),
    grokked: epochAt(grokked),
    first_crossing: epochAt(rows.findIndex((row) => row.test_accuracy >= GROKKED)),
    test_accuracy_climbs: epochAt(firstThatStays(rows, (row) => row.test_accuracy >= TIMES_CHANCE / modulus)),
    gini_rises: giniRises(progress),
    weight_norm_peaks: rows[peak].epoch,
    evaluation_interval: around > 0 ? rows[around].epoch - rows[around - 1].epoch : 0,
  };
}

/** Index of the first row from which on every row passes; −1 for none. */
function firstThatStays(rows: readonly MetricsRow[], passes: (row: MetricsRow) => boolean): number {
  let first = rows.length;
  while (first > 0 && passes(rows[first - 1])) first--;
  return first === rows.length ? -1 : first;
}

/** First checkpoint with Gini(W_E) above its maximum over epochs 0–200 that stays above it for 500 epochs. */
function giniRises(progress: readonly ProgressRow[]): number | null {
  const values = progress.flatMap(({ epoch, gini_W_E }) => (gini_W_E === null ? [] : [{ epoch, gini: gini_W_E }]));
  const early = values.filter(({ epoch }) => epoch <= GINI_BASELINE_EPOCHS);
  const last = values.at(-1);
  if (early.length === 0 || !last) return null;
  const baseline = Math.max(...early.map(({ gini }) => gini));
  for (const { epoch } of values) {
    const until = epoch + GINI_STAYS_EPOCHS;
    if (until > last.epoch) return null;
    if (values.every((value) => value.epoch < epoch || value.epoch > until || value.gini > baseline)) return epoch;
  }
  return null;
}
