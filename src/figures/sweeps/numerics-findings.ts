/** What the sweep of numerics says about two claims of collapse, in sentences: every number computed. */
import { formatEpoch, formatList, formatPercent } from "../format.js";
import { numericsModel, softmaxName } from "./compared-quantities.js";
import { KEPT_ACCURACY } from "./comparison.js";
import { EARLIER_SUITE, type EarlierResult, earlierResult } from "./earlier-suite.js";
import { fateOf } from "./outcomes.js";
import type { Sweep } from "./sweep.js";
import type { SweepRow } from "./sweep-rows.js";

type Model = Pick<SweepRow, "learning_rate" | "layers">;

/**
 * What became of the runs of some models of the sweep, variant by variant, what sets those that broke apart, and whether
 * they went on long enough to tell.
 *
 * @param picks the models by learning rate and layers
 */
export function keptSentence(sweep: Sweep, rows: readonly SweepRow[], picks: (model: Model) => boolean): string {
  const cells = sweep.grid.cells.filter(({ config }) => picks(config));
  const runs = rows.filter((row) => cells.some(({ cell }) => cell === row.cell));
  const names = [...new Set(cells.map(({ config }) => numericsModel(config)))];
  if (!runs.length)
    return `No run of this sweep with ${names.join(" or ")} is trained yet: what breaks them cannot be said.`;
  const models = names.flatMap((name) => {
    const own = runs.filter((row) => numericsModel(row) === name);
    return own.length ? [`${modelSentence(name, own)}${causeSentence(own)}`] : [` None with ${name} is trained yet.`];
  });
  return (
    models.join(" ") +
    reach(
      runs,
      cells.flatMap(({ config }) => earlierResult(config) ?? []),
    )
  );
}

interface Variant {
  softmax: string;
  beta2: number;
  runs: SweepRow[];
}

/** Runs of one model by softmax, then β₂; only variants that have some. */
function variantsOf(runs: readonly SweepRow[]): Variant[] {
  const betas = [...new Set(runs.map(({ beta2 }) => beta2))].sort();
  return ["exact", "naive"]
    .flatMap((softmax) => betas.map((beta2) => ({ softmax, beta2 })))
    .map((variant) => ({
      ...variant,
      runs: runs.filter((run) => softmaxName(run) === variant.softmax && run.beta2 === variant.beta2),
    }))
    .filter((variant) => variant.runs.length > 0);
}

function modelSentence(name: string, runs: readonly SweepRow[]): string {
  const parts = variantsOf(runs).map(
    ({ softmax, beta2, runs }) => `${softmax} softmax, β₂ ${beta2}: ${outcomeOf(runs)}`,
  );
  return `With ${name}: ${parts.join("; ")}.`;
}

const MARK = formatPercent(KEPT_ACCURACY, 0);
const kept = (run: SweepRow) => run.first_crossing !== null && run.final_test_accuracy >= KEPT_ACCURACY;
const forgot = (run: SweepRow) => fateOf(run) === "forgot";

function outcomeOf(runs: readonly SweepRow[]): string {
  if (runs.length === 1) return outcomeOfOne(runs[0]);
  const learnt = runs.filter(({ first_crossing }) => first_crossing !== null);
  const ends = runs.map(({ ended }) => ended);
  const [first, last] = [Math.min(...ends), Math.max(...ends)].map(formatEpoch);
  const lost = runs.filter(forgot).length;
  return (
    `${learnt.length} of ${runs.length} runs pass ${MARK} and ${learnt.filter(kept).length} keep it to their end, at ` +
    `epoch ${first === last ? last : `${first} to ${last}`}${lost ? `; ${lost} ${lost > 1 ? "lose" : "loses"} the training pairs too` : ""}`
  );
}

function outcomeOfOne(run: SweepRow): string {
  const end = `epoch ${formatEpoch(run.ended)}`;
  if (forgot(run)) {
    const [trained, held] = [run.final_train_accuracy, run.final_test_accuracy].map((share) => formatPercent(share));
    return `it memorizes, then loses even the training pairs (${trained} of them and ${held} of the others right at ${end})`;
  }
  if (run.first_crossing === null) return `not past ${MARK} by ${end}`;
  const since =
    run.grokked !== null && run.grokked > run.first_crossing ? `, for good from ${formatEpoch(run.grokked)}` : "";
  const passed = `it passes ${MARK} at ${formatEpoch(run.first_crossing)}${since}`;
  return kept(run)
    ? `${passed}, and keeps it to ${end}`
    : `${passed}, and ends at ${formatPercent(run.final_test_accuracy)}, at ${end}`;
}

/** Whether the softmax or β₂ decides which runs break: one changed, the other held. Empty where the runs do not tell. */
function causeSentence(runs: readonly SweepRow[]): string {
  const variants = variantsOf(runs).map(({ runs, ...variant }) => ({
    ...variant,
    broke: runs.some((run) => run.first_crossing !== null || forgot(run)) ? runs.some((run) => isBroken(run)) : null,
  }));
  const pairs = (same: "softmax" | "beta2", other: "softmax" | "beta2") =>
    variants.flatMap((a, i) =>
      variants.slice(i + 1).flatMap((b) => (a[same] === b[same] && a[other] !== b[other] ? [[a, b]] : [])),
    );
  const judged = (list: (typeof variants)[]) => list.filter(([a, b]) => a.broke !== null && b.broke !== null);
  const [bySoftmax, byBeta] = [judged(pairs("beta2", "softmax")), judged(pairs("softmax", "beta2"))];
  if (bySoftmax.length < 2 || byBeta.length < 2) return "";
  const decides = (list: (typeof variants)[]) => list.filter(([a, b]) => a.broke !== b.broke).length;
  const broken = variants.filter(({ broke }) => broke).map(({ softmax, beta2 }) => `${softmax} with ${beta2}`);
  if (!broken.length) return " None of them breaks.";
  if (broken.length === variants.length) return " All of them break, so neither softmax nor β₂ alone does it.";
  if (!decides(bySoftmax))
    return " Either softmax breaks with one β₂ and not with the other: the optimizer does it, not the rounding.";
  if (!decides(byBeta))
    return " Either β₂ breaks with one softmax and not with the other: the rounding does it, not the optimizer.";
  return ` Those that break are ${formatList(broken)}: it takes both.`;
}

const isBroken = (run: SweepRow) => forgot(run) || !kept(run);

/** Whether the runs come as far as the earlier ones did when they had lost it. */
function reach(runs: readonly SweepRow[], earlier: readonly EarlierResult[]): string {
  const epochs = earlier.flatMap(({ collapses, finalAccuracy }) => {
    if (collapses !== undefined) return [collapses];
    return finalAccuracy !== undefined && finalAccuracy < KEPT_ACCURACY ? [EARLIER_SUITE.epochs] : [];
  });
  if (!epochs.length) return "";
  const needed = Math.min(...epochs);
  const whole = runs.filter((run) => !isBroken(run));
  const far = whole.filter(({ ended }) => ended >= needed).length;
  const lost = ` The earlier suite’s had lost it by epoch ${formatEpoch(needed)}`;
  if (!whole.length) return `${lost}.`;
  if (far === whole.length)
    return `${lost}, which ${whole.length === 1 ? "the one of ours that has not broken" : "all of ours that have not broken"} ${whole.length === 1 ? "reaches" : "reach"}.`;
  if (far === 0)
    return `${lost}; none of ours that have not broken goes on for as long yet, so that they do not settle it.`;
  return `${lost}; of our ${whole.length} that have not broken ${far} ${far === 1 ? "goes" : "go"} on for as long.`;
}
