/** Figure 2: the progress measures, which move long before test loss does (Nanda et al. 2023, section 5). */
import type { Phases } from "../../analysis/phases.js";
import type { MetricsRow, ProgressRow } from "../../training/run-record.js";
import { closeUpOf, epochScale, markEpochAxis, phaseStretches } from "../epoch-axis.js";
import { epochPanel, panelHeight } from "../epoch-panel.js";
import type { Figure, FigureOptions, PageChoices } from "../figure.js";
import { formatCount, formatEpoch, formatLoss, formatNumber, formatPercent } from "../format.js";
import { stackPanels } from "../panels.js";
import { missingRun, type RunSummary } from "../run-summary.js";
import { DASHES, keyColor } from "../theme.js";
import { guessLoss, guessRule } from "./guess-rule.js";
import { outcomeOf } from "./outcome.js";
import { PHASE_LEGEND_HEIGHT, phaseLegend } from "./phase-legend.js";
import { fallenBelow, risenHalfway } from "./turning.js";

export interface ProgressMeasuresData {
  run: RunSummary;
  metrics: readonly Pick<MetricsRow, "epoch" | "train_loss" | "test_loss" | "sum_squared_weights">[];
  progress: readonly ProgressRow[];
  phases?: Phases;
}

/** Which pairs the restricted loss is taken over. */
export const RESTRICTED_PAIRS = ["test", "train", "all"] as const;
type RestrictedPairs = (typeof RESTRICTED_PAIRS)[number];

const pairsOf = (choices: PageChoices): RestrictedPairs =>
  RESTRICTED_PAIRS.find((pairs) => pairs === choices.restricted) ?? "test";

const HEIGHTS = { losses: 230, frequencies: 130, gini: 80, weights: 80 };

const height = () =>
  PHASE_LEGEND_HEIGHT +
  panelHeight(HEIGHTS.losses, true) +
  panelHeight(HEIGHTS.frequencies) +
  panelHeight(HEIGHTS.gini) +
  panelHeight(HEIGHTS.weights, false, true);

function draw(data: ProgressMeasuresData, options: FigureOptions): SVGSVGElement {
  const { run, metrics, progress } = data;
  const { theme, width } = options;
  const scale = epochScale(metrics, options.scale, closeUpOf(data.run));
  const shared = { scale, phases: phaseStretches(data.phases) };
  const metric = (field: "train_loss" | "test_loss" | "sum_squared_weights") =>
    metrics.map((d) => ({ epoch: d.epoch, value: d[field] }));
  const measure = (field: "excluded_train" | "gini_W_E" | "gini_W_L" | `restricted_${RestrictedPairs}`) =>
    progress.map((d) => ({ epoch: d.epoch, value: d[field] }));
  const losses = epochPanel(
    {
      ...shared,
      height: HEIGHTS.losses,
      label: "loss (nats, log axis)",
      y: { type: "log" },
      format: formatLoss,
      under: guessRule(run, options),
      top: true,
      lines: [
        { name: "train", color: theme.train, dash: DASHES.train, width: 1.25, points: metric("train_loss") },
        { name: "test", color: theme.test, dash: DASHES.test, width: 1.25, points: metric("test_loss") },
        {
          name: width < 560 ? "restricted" : `restricted, ${pairsOf(options)}`,
          color: theme.ink,
          points: measure(`restricted_${pairsOf(options)}`),
        },
        {
          name: width < 560 ? "excluded" : "excluded, train",
          color: theme.excluded,
          dash: "8 3",
          points: measure("excluded_train"),
        },
      ],
    },
    options,
  );
  const frequencies = epochPanel(
    {
      ...shared,
      height: HEIGHTS.frequencies,
      label: "excluded loss, one key frequency left out (nats, log axis)",
      empty: "this run has no key frequencies",
      y: { type: "log" },
      format: formatLoss,
      lines: (run.key_frequencies ?? []).map((k, i) => ({
        name: `k = ${k}`,
        color: keyColor(theme, run.ranked_frequencies, k),
        points: progress.map((d) => ({ epoch: d.epoch, value: d.excluded_by_frequency?.[i] ?? null })),
      })),
    },
    options,
  );
  const gini = epochPanel(
    {
      ...shared,
      height: HEIGHTS.gini,
      label: "Gini of the Fourier norms (0 even, 1 sparse)",
      y: { domain: [0, 1] },
      format: (value) => formatNumber(value, 2),
      lines: [
        { name: "embedding", color: theme.accent, points: measure("gini_W_E") },
        { name: "neuron–logit", color: theme.muted, dash: "5 3", points: measure("gini_W_L") },
      ],
    },
    options,
  );
  const weights = epochPanel(
    {
      ...shared,
      height: HEIGHTS.weights,
      label: "sum of squared weights",
      format: formatCount,
      lowest: true,
      lines: [{ name: "all weights", color: theme.ink, points: metric("sum_squared_weights") }],
    },
    options,
  );
  const panels = [phaseLegend(shared.phases, options), losses, frequencies, gini, weights];
  const text = {
    ariaLabel: "Full, restricted and excluded loss, Gini coefficients and squared weights against epoch",
    ariaDescription: claim(data),
  };
  return markEpochAxis(stackPanels(panels, text, options), scale, options);
}

/** Epochs at which excluded loss is halfway up, and test loss below that of a uniform guess (log p) for good. */
function turns({ run, metrics, progress }: ProgressMeasuresData) {
  const guess = guessLoss(run);
  return {
    excluded: risenHalfway(progress.map((d) => ({ epoch: d.epoch, value: d.excluded_train }))),
    test: fallenBelow(
      metrics.map((d) => ({ epoch: d.epoch, value: d.test_loss })),
      guess,
    ),
  };
}

function claim(data: ProgressMeasuresData): string {
  const { excluded, test } = turns(data);
  if (data.run.key_frequencies === null) return withoutKeys(data.run);
  if (excluded === null) return "Excluded loss does not rise again: no circuit takes over from memory in this run";
  const half = `On its log axis, excluded loss is halfway up by epoch ${formatEpoch(excluded)}`;
  if (test === null) return `${half}, but test loss stays above a guess`;
  const gap = formatEpoch(Math.abs(test - excluded));
  return `${half}, ${gap} epochs ${excluded < test ? "before" : "after"} test loss beats a blind guess`;
}

function withoutKeys(run: RunSummary): string {
  const { train_accuracy, test_accuracy } = run.final;
  switch (outcomeOf(run)) {
    case "grokked":
      return "No frequency is key in this model, though it generalizes: there is no circuit to restrict it to";
    case "memorized":
      return `Without key frequencies there is no circuit to measure: this model knows its training pairs, and ${formatPercent(test_accuracy)} of the others`;
    default:
      return `Without key frequencies there is no circuit to measure: at the end this model gets ${formatPercent(train_accuracy)} of its training pairs right`;
  }
}

/** Restricted and excluded loss beside the full ones. */
export const progressMeasures: Figure<ProgressMeasuresData> = {
  id: "progress-measures",
  number: 2,
  name: "Progress measures",
  height,
  gap: ({ run, metrics, progress }) =>
    missingRun(run, metrics) ?? (progress.length ? null : "no progress measures are stored for this run"),
  claim,
  headline(data) {
    const { excluded } = turns(data);
    return {
      label: "epoch at which excluded loss has risen halfway, on its log axis",
      value: excluded,
      text: excluded === null ? "not within this run" : formatEpoch(excluded),
    };
  },
  draw,
  rows: ({ run, progress }) =>
    progress.map(({ excluded_by_frequency, ...row }) => ({
      ...row,
      ...Object.fromEntries(
        (run.key_frequencies ?? []).map((k, i) => [`excluded_${k}`, excluded_by_frequency?.[i] ?? null]),
      ),
    })),
  caption:
    "Restricted loss keeps only what the key frequencies of the final model contribute to the logits; excluded loss " +
    "takes just that away. Both use the same frequencies at every epoch. The dotted line is the loss of a blind guess; " +
    "the pale bands are the phases.",
  guidance: {
    shows:
      "Two losses that see inside the model. Restricted loss asks how good the circuit alone already is; excluded loss " +
      "asks how good the model is without it.",
    reading:
      "Where excluded loss follows training loss down, the model needs no circuit: it remembers. Where excluded loss " +
      "turns and rises while training loss stays low, the circuit is taking over. Where restricted loss falls well below " +
      "the dotted line of a blind guess while test loss is still above it, the circuit is there, but drowned by what was " +
      "memorized.",
    normal:
      "Excluded loss falls with training loss, turns, and rises for thousands of epochs in which test loss seems not to " +
      "move. Restricted loss falls before test loss does. Every key frequency takes part, some earlier than others.",
    wrong:
      "Restricted loss that stays high: the frequencies are not those of this model, or there is no circuit. Excluded " +
      "loss that never turns: the model keeps its memory, as the twin without weight decay does.",
  },
};
