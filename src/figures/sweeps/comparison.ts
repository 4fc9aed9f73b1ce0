/** What the earlier suite said of each cell of a grid beside what we see, with a verdict by a rule fixed beforehand. */
import { censoredAt, type EpochSummary, leastMedian, summarizeEpochs } from "../../analysis/sweeps/censored-epochs.js";
import type { RunConfig } from "../../model/config.js";
import { OPERATION_LABELS } from "../../model/operations.js";
import { formatEpoch, formatNumber, formatPercent } from "../format.js";
import {
  EARLIER_SUITE,
  type EarlierResult,
  earlierResult,
  type PublishedResult,
  publishedResults,
  SEEDS_APART,
} from "./earlier-suite.js";
import { writeRate } from "./quantities.js";
import type { SweepGrid, SweepRow } from "./sweep-rows.js";

/** Epochs agree within this factor: as far apart as seeds of one cell come. */
export const WITHIN_FACTOR = Number((SEEDS_APART.to / SEEDS_APART.from).toFixed(2));
/** A run has lost what it had learnt if its test accuracy ends below this. */
export const KEPT_ACCURACY = 0.95;

/**
 * agrees, differs: by the rule. open: our runs were stopped too early to tell. missing: not trained yet. new: the earlier
 * suite does not have the cell.
 */
export type Verdict = "agrees" | "differs" | "open" | "missing" | "new";

export interface Judgement {
  verdict: Verdict;
  /** Why, in a few words. */
  reason: string;
}

export interface ComparisonRow {
  /** Key of the cell's run of seed 0. */
  cell: string;
  /** What sets the cell apart from the others of its grid. */
  name: string;
  earlier: EarlierResult | undefined;
  published: readonly PublishedResult[];
  /** Our runs of the cell, by seed. */
  runs: SweepRow[];
  /** Of our runs: the first epoch with a test accuracy of 95 %, as the earlier suite counted. */
  ours: EpochSummary;
  /** On that epoch. */
  epoch: Judgement;
  /** On whether it was kept to the end; null where the earlier suite does not say that it was lost. */
  end: Judgement | null;
}

/**
 * Compares every cell of a grid, in the grid's order.
 *
 * @param rows of any cells
 * @param name names a cell
 */
export function compareGrid(
  grid: SweepGrid,
  rows: readonly SweepRow[],
  name = (config: RunConfig) => cellName(grid, config),
): ComparisonRow[] {
  return grid.cells.map(({ cell, config }) => {
    const runs = rows.filter((row) => row.cell === cell).sort((a, b) => a.seed - b.seed);
    const earlier = earlierResult(config);
    return {
      cell,
      name: name(config),
      earlier,
      published: publishedResults(config),
      runs,
      ours: summarizeEpochs(runs.map((run) => censoredAt(run.first_crossing, run.ended))),
      epoch: judgeEpoch(earlier, runs),
      end: judgeEnd(earlier, runs),
    };
  });
}

/**
 * The rule on the epoch. Both crossed: agrees if our median is within WITHIN_FACTOR of the earlier epoch, or if that lies
 * between our earliest and latest seed. Only the earlier one crossed: differs, once our runs went on long enough to know.
 * Only ours did, be it one of several seeds: differs. Neither: agrees once ours were as long as the earlier ones.
 */
export function judgeEpoch(earlier: EarlierResult | undefined, runs: readonly SweepRow[]): Judgement {
  if (runs.length === 0) return { verdict: "missing", reason: "not trained yet" };
  if (!earlier) return { verdict: "new", reason: "not in the earlier suite" };
  const epochs = runs.map((run) => censoredAt(run.first_crossing, run.ended));
  const { median, range } = summarizeEpochs(epochs);
  const least = leastMedian(epochs) as number;
  const stopped = `stopped at epoch ${formatEpoch(least)}`;
  if (earlier.epoch === null) {
    const there = epochs.filter(({ epoch, happened }) => happened && epoch <= EARLIER_SUITE.epochs).length;
    if (there && (median === null || median > EARLIER_SUITE.epochs)) {
      return { verdict: "differs", reason: `${there} of our ${runs.length} runs ${there > 1 ? "get" : "gets"} there` };
    }
    if (there) {
      return { verdict: "differs", reason: `the earlier run never got there in ${formatEpoch(EARLIER_SUITE.epochs)}` };
    }
    if (least >= EARLIER_SUITE.epochs) return { verdict: "agrees", reason: "neither gets there" };
    return { verdict: "open", reason: stopped };
  }
  if (range && range[0] < range[1] && earlier.epoch >= range[0] && earlier.epoch <= range[1]) {
    return { verdict: "agrees", reason: "between our seeds" };
  }
  if (median !== null) {
    const ratio = median / earlier.epoch;
    const factor = Math.max(ratio, 1 / ratio);
    if (factor <= WITHIN_FACTOR) return { verdict: "agrees", reason: `within a factor ${WITHIN_FACTOR}` };
    return {
      verdict: "differs",
      reason: `${ratio < 1 ? "earlier" : "later"} by a factor ${formatNumber(factor, factor < 2 ? 3 : 2)}`,
    };
  }
  if (least > WITHIN_FACTOR * earlier.epoch) {
    return { verdict: "differs", reason: `not by epoch ${formatEpoch(least)}` };
  }
  return { verdict: "open", reason: stopped };
}

/** The rule on the end, where the earlier run got to 95 % and lost it again: did most of ours lose it too? */
export function judgeEnd(earlier: EarlierResult | undefined, runs: readonly SweepRow[]): Judgement | null {
  const lost = earlier?.collapses !== undefined || (earlier?.finalAccuracy ?? 1) < KEPT_ACCURACY;
  if (!earlier || !lost || earlier.epoch === null || runs.length === 0) return null;
  const learnt = runs.filter((run) => run.first_crossing !== null);
  if (learnt.length === 0) return { verdict: "open", reason: "none of ours got to 95 %" };
  const fallen = learnt.filter((run) => run.final_test_accuracy < KEPT_ACCURACY);
  if (2 * fallen.length > learnt.length) {
    return { verdict: "agrees", reason: `ours ${endAt(fallen)}` };
  }
  const longEnough = learnt.filter((run) => run.ended >= (earlier.collapses ?? EARLIER_SUITE.epochs));
  if (longEnough.length < learnt.length) {
    return {
      verdict: "open",
      reason: `ours stopped at epoch ${formatEpoch(Math.min(...learnt.map((run) => run.ended)))}`,
    };
  }
  return { verdict: "differs", reason: `ours ${endAt(learnt)}` };
}

const endAt = (runs: readonly SweepRow[]) =>
  `end at ${runs.map((run) => formatPercent(run.final_test_accuracy)).join(", ")}`;

/** Fields that grids vary, as they are named in text. */
const FIELDS: [field: keyof RunConfig, name: string, write: (config: RunConfig) => string][] = [
  ["operation", "", (config) => OPERATION_LABELS[config.operation]],
  ["layers", "", ({ layers }) => `${layers} ${layers === 1 ? "layer" : "layers"}`],
  ["modulus", "p =", ({ modulus }) => String(modulus)],
  ["train_fraction", "train fraction", ({ train_fraction }) => formatPercent(train_fraction, 0)],
  ["weight_decay", "weight decay", ({ weight_decay }) => String(weight_decay)],
  ["learning_rate", "learning rate", ({ learning_rate }) => writeRate(learning_rate)],
  ["softmax", "", ({ softmax }) => (softmax === "exact" ? "exact softmax" : "naive softmax")],
  ["beta2", "β₂", ({ beta2 }) => String(beta2)],
];

/** A cell in words: the fields that differ between the cells of its grid. */
export function cellName(grid: SweepGrid, config: RunConfig): string {
  const varied = FIELDS.filter(([field]) => new Set(grid.cells.map((cell) => cell.config[field])).size > 1);
  return varied.map(([, name, write]) => `${name} ${write(config)}`.trim()).join(", ");
}

/** How many cells the rule gave each verdict, on epoch and end together: an end that differs makes its cell differ. */
export function countVerdicts(rows: readonly ComparisonRow[]): Record<Verdict, number> {
  const counts: Record<Verdict, number> = { agrees: 0, differs: 0, open: 0, missing: 0, new: 0 };
  for (const row of rows) counts[overall(row)]++;
  return counts;
}

/** The verdict on a cell: its worse half, an open question being worse than an agreement. */
export function overall({ epoch, end }: ComparisonRow): Verdict {
  if (!end || epoch.verdict === "missing" || epoch.verdict === "differs") return epoch.verdict;
  return end.verdict === "agrees" ? epoch.verdict : end.verdict;
}

/** The comparison in one sentence. */
export function comparisonClaim(rows: readonly ComparisonRow[]): string {
  const judged = rows.filter(({ earlier }) => earlier);
  const { agrees, differs, open, missing } = countVerdicts(judged);
  const parts = [
    `${agrees} ${agrees === 1 ? "agrees" : "agree"}`,
    `${differs} ${differs === 1 ? "differs" : "differ"}`,
    ...(open ? [`${open} cannot be told yet`] : []),
    ...(missing ? [`${missing} ${missing === 1 ? "is" : "are"} not trained yet`] : []),
  ];
  return `Of the ${judged.length} cells that the earlier suite has too, ${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
}
