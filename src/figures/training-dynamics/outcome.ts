/** What became of a run, for the sentences that depend on it. */
import type { RunSummary } from "../run-summary.js";

/**
 * grokked: test accuracy reached 95 % and stayed there; collapsed: the training pairs were memorized and more than half
 * of them lost again by the end; unlearnt: they never were; memorized: the rest.
 */
export type Outcome = "grokked" | "memorized" | "collapsed" | "unlearnt";

export function outcomeOf({ milestones, final }: Pick<RunSummary, "milestones" | "final">): Outcome {
  if (milestones.grokked !== null) return "grokked";
  if (milestones.memorized === null) return "unlearnt";
  return final.train_accuracy < 0.5 ? "collapsed" : "memorized";
}
