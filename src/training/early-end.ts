/** When a run may end before its last epoch. Where it ends is an evaluation, so it does not depend on interruptions. */
import { findMilestones, GROKKED } from "./milestones.js";
import type { MetricsRow } from "./run-record.js";

export interface EarlyEnd {
  /** End this many epochs after the run has grokked, if it has stayed so. */
  stopAfter?: number;
  /**
   * End at this epoch if the run has not grokked. One that had and fell back since goes on for `stopAfter` epochs more
   * (without it, to its last): ended at its first fall, every run that falters now and then would look lost.
   */
  maxEpochs?: number;
}

/**
 * Whether a run ends at its last evaluation.
 *
 * @param rows metrics so far, ascending
 * @param modulus p
 */
export function endsEarly(rows: readonly MetricsRow[], modulus: number, { stopAfter, maxEpochs }: EarlyEnd): boolean {
  const last = rows.at(-1);
  if (!last || (stopAfter === undefined && maxEpochs === undefined)) return false;
  const { grokked } = findMilestones(rows, [], modulus);
  if (grokked === null) {
    if (maxEpochs === undefined || last.epoch < maxEpochs) return false;
    const fell = rows[rows.findLastIndex(({ test_accuracy }) => test_accuracy >= GROKKED) + 1];
    return fell === rows[0] || (stopAfter !== undefined && last.epoch - fell.epoch >= stopAfter);
  }
  return stopAfter !== undefined && last.epoch - grokked >= stopAfter;
}
