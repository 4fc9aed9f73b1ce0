/** Figure 1: loss, accuracy, size of the weights and sparsity of the spectrum, against epoch. */
import type { Phases } from "../../analysis/phases.js";
import type { MetricsRow, ProgressRow } from "../../training/run-record.js";
import { closeUpOf, epochScale, markEpochAxis, phaseStretches } from "../epoch-axis.js";
import { epochPanel, type Line, panelHeight } from "../epoch-panel.js";
import type { Figure, FigureOptions } from "../figure.js";
import { formatCount, formatEpoch, formatLoss, formatNumber, formatPercent } from "../format.js";
import { stackPanels } from "../panels.js";
import { missingRun, type RunSummary } from "../run-summary.js";
import { DASHES } from "../theme.js";
import { guessRule } from "./guess-rule.js";
import { outcomeOf } from "./outcome.js";
import { PHASE_LEGEND_HEIGHT, phaseLegend } from "./phase-legend.js";

export interface GrokkingCurvesData {
  run: RunSummary;
  /** In order of epoch. */
  metrics: readonly Pick<
    MetricsRow,
    | "epoch"
    | "train_loss"
    | "test_loss"
    | "train_accuracy"
    | "test_accuracy"
    | "test_accuracy_seen_mirror"
    | "test_accuracy_unseen_mirror"
    | "sum_squared_weights"
  >[];
  progress: readonly Pick<ProgressRow, "epoch" | "gini_W_E" | "gini_W_L">[];
  /** Boundaries of the phases, drawn as pale bands. */
  phases?: Phases;
}

const HEIGHTS = { loss: 210, accuracy: 120, weights: 80, gini: 80 };

const height = () =>
  PHASE_LEGEND_HEIGHT +
  panelHeight(HEIGHTS.loss, true) +
  panelHeight(HEIGHTS.accuracy) +
  panelHeight(HEIGHTS.weights) +
  panelHeight(HEIGHTS.gini, false, true);

function draw(data: GrokkingCurvesData, options: FigureOptions): SVGSVGElement {
  const { run, metrics, progress } = data;
  const phases = phaseStretches(data.phases);
  const { theme } = options;
  const scale = epochScale(metrics, options.scale, closeUpOf(data.run));
  const series = (field: keyof (typeof metrics)[number]) => metrics.map((d) => ({ epoch: d.epoch, value: d[field] }));
  const gini = (field: "gini_W_E" | "gini_W_L") => progress.map((d) => ({ epoch: d.epoch, value: d[field] }));
  const train = { name: "train", color: theme.train, dash: DASHES.train };
  const test = { name: "test", color: theme.test, dash: DASHES.test };
  const panels = [
    phaseLegend(phases, options),
    epochPanel(
      {
        scale,
        phases,
        height: HEIGHTS.loss,
        label: "loss (nats, log axis)",
        y: { type: "log" },
        format: formatLoss,
        under: guessRule(run, options),
        top: true,
        lines: [
          { ...train, points: series("train_loss") },
          { ...test, points: series("test_loss") },
        ],
      },
      options,
    ),
    epochPanel(
      {
        scale,
        phases,
        height: HEIGHTS.accuracy,
        label: "accuracy",
        y: { domain: [0, 1] },
        format: (value) => formatPercent(value),
        lines: [
          ...mirrorLines(metrics, options),
          { ...train, points: series("train_accuracy") },
          { ...test, points: series("test_accuracy") },
        ],
      },
      options,
    ),
    epochPanel(
      {
        scale,
        phases,
        height: HEIGHTS.weights,
        label: "sum of squared weights",
        format: formatCount,
        lines: [{ name: "all weights", color: theme.ink, points: series("sum_squared_weights") }],
      },
      options,
    ),
    epochPanel(
      {
        scale,
        phases,
        height: HEIGHTS.gini,
        label: "Gini of the Fourier norms (0 even, 1 sparse)",
        y: { domain: [0, 1] },
        format: (value) => formatNumber(value, 2),
        lowest: true,
        lines: [
          { name: "embedding", color: theme.accent, points: gini("gini_W_E") },
          { name: "neuron–logit", color: theme.muted, dash: "5 3", points: gini("gini_W_L") },
        ],
      },
      options,
    ),
  ];
  const text = {
    ariaLabel: "Loss, accuracy, squared weights and Gini coefficients against epoch, one panel each",
    ariaDescription: claim(data),
  };
  return markEpochAxis(stackPanels(panels, text, options), scale, options);
}

/** Test accuracy by whether the mirror image (b, a) of a pair was trained; none where the operation has no mirrors. */
function mirrorLines(metrics: GrokkingCurvesData["metrics"], { theme }: FigureOptions): Line[] {
  const line = (name: string, field: "test_accuracy_seen_mirror" | "test_accuracy_unseen_mirror") => ({
    name,
    points: metrics.map((d) => ({ epoch: d.epoch, value: d[field] })),
    width: 1,
  });
  const lines = [
    { ...line("mirror seen", "test_accuracy_seen_mirror"), color: theme.ink },
    { ...line("mirror unseen", "test_accuracy_unseen_mirror"), color: theme.muted, dash: "1 2.5" },
  ];
  return lines.filter(({ points }) => points.some(({ value }) => value !== null));
}

function claim({ run }: GrokkingCurvesData): string {
  const { memorized, grokked, first_crossing } = run.milestones;
  if (grokked === null) {
    const length = formatEpoch(run.ended.epoch);
    if (first_crossing !== null) {
      const end = formatPercent(run.final.test_accuracy);
      return `Test accuracy passes 95\u00a0% at epoch ${formatEpoch(first_crossing)} and falls back: after ${length} epochs it is ${end}`;
    }
    const known =
      memorized === null ? "" : `, though the training pairs are memorized by epoch ${formatEpoch(memorized)}`;
    const lost = outcomeOf(run) === "collapsed" ? " and lost again" : "";
    return `Test accuracy does not reach 95\u00a0% in ${length} epochs${known}${lost}`;
  }
  if (memorized === null || grokked <= memorized) {
    return `Test accuracy passes 95\u00a0% at epoch ${formatEpoch(grokked)} and stays there`;
  }
  const delay = formatEpoch(grokked - memorized);
  return `Test accuracy passes 95\u00a0% at epoch ${formatEpoch(grokked)}, ${delay} epochs after the training pairs were memorized`;
}

/** Loss, accuracy, Σw² and Gini over training. */
export const grokkingCurves: Figure<GrokkingCurvesData> = {
  id: "grokking-curves",
  number: 1,
  name: "Grokking curves",
  height,
  gap: ({ run, metrics }) => missingRun(run, metrics),
  claim,
  headline({ run }) {
    const { memorized, grokked } = run.milestones;
    const value = memorized === null || grokked === null ? null : grokked - memorized;
    return {
      label: "epochs between memorized and grokked",
      value,
      text: value === null ? "not within this run" : formatEpoch(value),
    };
  },
  draw,
  rows({ metrics, progress }) {
    const gini = new Map(progress.map((d) => [d.epoch, d]));
    return metrics.map((d) => ({
      epoch: d.epoch,
      train_loss: d.train_loss,
      test_loss: d.test_loss,
      train_accuracy: d.train_accuracy,
      test_accuracy: d.test_accuracy,
      test_accuracy_seen_mirror: d.test_accuracy_seen_mirror,
      test_accuracy_unseen_mirror: d.test_accuracy_unseen_mirror,
      sum_squared_weights: d.sum_squared_weights,
      gini_W_E: gini.get(d.epoch)?.gini_W_E ?? null,
      gini_W_L: gini.get(d.epoch)?.gini_W_L ?? null,
    }));
  },
  caption:
    "All panels share the axis of epochs; the rule marks the shared epoch, with the values of the nearest evaluation. " +
    "Click anywhere in the chart to move it. The dotted line is the loss of a blind guess; the pale bands are the phases. " +
    "Where the operation commutes, the thin lines are the test pairs whose mirror image (b, a) was trained, and the others.",
  guidance: {
    shows:
      "How well the model does on the pairs it is trained on and on those it never sees, how large its weights are, and " +
      "how sparse the Fourier spectrum of its embedding and of its neuron–logit map is.",
    reading:
      "Start with the gap between the two loss curves. While it is wide, the model has memorized. Follow the sum of " +
      "squared weights below: it rises while the model memorizes and falls while weight decay clears what it no longer " +
      "needs. A rising Gini says that the spectrum gathers in few frequencies, well before test accuracy moves.",
    normal:
      "Training accuracy reaches 100 % within a few hundred epochs; test loss first climbs above the uniform guess and " +
      "falls below it thousands of epochs later. Test accuracy creeps up long before: mirror images of training pairs " +
      "come first, all others late and faster. Each seed does it at its own epoch.",
    wrong:
      "A test loss that never falls: too little weight decay or too few training pairs (compare the twin without weight " +
      "decay). Sudden spikes in training loss: the optimizer is unstable, or the softmax loses precision. Both curves " +
      "falling together: the model had enough data to generalize at once, and nothing was memorized.",
  },
};
