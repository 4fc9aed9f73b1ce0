/** Sentences of the page on training dynamics, each true of the run that it is made for; "" where there is none. */
import type { MetricsRow } from "../../training/run-record.js";
import { formatEpoch, formatLoss, formatPercent } from "../format.js";
import { shareText } from "../fourier/spectrum-words.js";
import { isMainModel, type RunSummary } from "../run-summary.js";
import { outcomeOf } from "./outcome.js";

type AccuracyRow = Pick<
  MetricsRow,
  "epoch" | "test_accuracy" | "test_accuracy_seen_mirror" | "test_accuracy_unseen_mirror"
>;

/** When the training pairs were memorized, and whether they stayed so. */
export function memorySentence(run: RunSummary): string {
  const { memorized } = run.milestones;
  const end = formatPercent(run.final.train_accuracy);
  if (memorized === null) return `In this run training accuracy does not reach 99\u00a0%: at the end it is ${end}.`;
  const reached = `In this run the training pairs are memorized at epoch ${formatEpoch(memorized)}`;
  return outcomeOf(run) === "collapsed"
    ? `${reached}, but not for good: at the end ${end} of them are right.`
    : `${reached}, where training accuracy reaches 99\u00a0%.`;
}

/** What became of the other pairs by the end of the run. */
export function endSentence({ config, milestones, final, ended }: RunSummary): string {
  const others = `the other ${formatPercent(1 - config.train_fraction, 0)} of the table`;
  const loss = `the test loss is ${formatLoss(final.test_loss)} nats`;
  const after = `after ${formatEpoch(ended.epoch)} epochs`;
  return milestones.grokked === null
    ? `Of ${others}, ${formatPercent(final.test_accuracy)} are right at the end, ${after}, where ${loss}.`
    : `Of ${others}, at least 95\u00a0% are right from epoch ${formatEpoch(milestones.grokked)} on; at the end, ${after}, ${loss}.`;
}

/** What the twin without weight decay is to this run. */
export function decaySentence(run: RunSummary, twin: string): string {
  if (run.config.weight_decay === 0) return "It was trained without weight decay, as is the null twin of the figures.";
  const choice = `choose “${twin}” under a figure to see`;
  return isMainModel(run)
    ? `Weight decay is what drives it: ${choice} the same model trained without.`
    : `For comparison, ${choice} the paper’s main model trained without weight decay.`;
}

/** Epoch of the evaluation from which on an accuracy stays at or above a level; null where the last is below. */
function staysFrom(rows: readonly { epoch: number; value: number }[], level: number): number | null {
  return rows[rows.findLastIndex(({ value }) => value < level) + 1]?.epoch ?? null;
}

/** How test accuracy came up in a run that groks. */
export function climbSentence(run: RunSummary, metrics: readonly AccuracyRow[]): string {
  if (run.milestones.grokked === null) return "";
  const rows = metrics.map((d) => ({ epoch: d.epoch, value: d.test_accuracy }));
  const [tenth, half] = [0.1, 0.5].map((level) => staysFrom(rows, level));
  if (tenth === null || half === null) return "";
  return `Test accuracy is above 10\u00a0% for good by epoch ${formatEpoch(tenth)}, above half by ${formatEpoch(half)} and above 95\u00a0% by ${formatEpoch(run.milestones.grokked)}.`;
}

/** Below this, pairs with a trained mirror image are not said to be learnt. */
const LEARNT = 0.1;

/** How far pairs with a trained mirror image are ahead of the others: when half of them are right, else at the end. */
export function mirrorSentence(metrics: readonly AccuracyRow[]): string {
  const rows = metrics.flatMap(({ epoch, test_accuracy_seen_mirror: seen, test_accuracy_unseen_mirror: unseen }) =>
    seen === null || unseen === null ? [] : [{ epoch, value: seen, unseen }],
  );
  const from = staysFrom(rows, 0.5);
  const row = from === null ? rows.at(-1) : rows.find(({ epoch }) => epoch === from);
  if (!row || row.value < LEARNT || row.value < 2 * row.unseen) return "";
  const when = from === null ? "at the end" : `at epoch ${formatEpoch(from)}`;
  return `Mirror images come first: ${when}, ${formatPercent(row.value)} of the test pairs (a, b) whose mirror image (b, a) was trained are right, and ${shareText(row.unseen)} of the others.`;
}
