/** Figure 3: where the three phases end, each read from the measure that defines it, beside the paper's lines. */
import * as Plot from "@observablehq/plot";
import type { Boundary, Phases } from "../../analysis/phases.js";
import type { MetricsRow, ProgressRow } from "../../training/run-record.js";
import { closeUpOf, type EpochScale, epochScale, markEpochAxis, type Phase, phaseStretches } from "../epoch-axis.js";
import { epochPanel, type Line, panelHeight } from "../epoch-panel.js";
import type { Figure, FigureOptions } from "../figure.js";
import { formatCount, formatLoss } from "../format.js";
import { stackPanels } from "../panels.js";
import { PAPER } from "../paper-values.js";
import { isMainModel, missingRun, type RunSummary } from "../run-summary.js";
import { outcomeOf } from "./outcome.js";
import { LANES_HEIGHT, type Lane, lanesPanel } from "./phase-lanes.js";
import { PHASE_LEGEND_HEIGHT, phaseLegend } from "./phase-legend.js";
import { boundaryText } from "./run-phases.js";

export interface PhaseBoundariesData {
  run: RunSummary;
  metrics: readonly Pick<MetricsRow, "epoch" | "sum_squared_weights">[];
  progress: readonly Pick<ProgressRow, "epoch" | "excluded_train" | "restricted_test">[];
  phases: Phases;
}

const HEIGHT = 92;

const height = () => PHASE_LEGEND_HEIGHT + panelHeight(HEIGHT, true) + 2 * panelHeight(HEIGHT) + LANES_HEIGHT;

function draw(data: PhaseBoundariesData, options: FigureOptions): SVGSVGElement {
  const { run, metrics, progress, phases } = data;
  const { theme } = options;
  const scale = epochScale(metrics, options.scale, closeUpOf(data.run));
  const stretches = phaseStretches(phases);
  const excluded = progress.map((d) => ({ epoch: d.epoch, value: d.excluded_train }));
  const restricted = progress.map((d) => ({ epoch: d.epoch, value: d.restricted_test }));
  const weights = metrics.map((d) => ({ epoch: d.epoch, value: d.sum_squared_weights }));
  const panel = (label: string, line: Line, boundary: Boundary | null, log: boolean, top = false) =>
    epochPanel(
      {
        scale,
        height: HEIGHT,
        label,
        y: { type: log ? "log" : "linear" },
        format: log ? formatLoss : formatCount,
        phases: stretches,
        empty: "not defined: this run has no key frequencies",
        top,
        lines: [line],
        under: boundary ? boundaryMarks(boundary, scale, options) : [],
      },
      options,
    );
  const title = (quantity: string, rule: string) => (options.width < 560 ? quantity : `${quantity}: ${rule}`);
  const lanes = lanesOf(run, stretches);
  const panels = [
    phaseLegend(lanes[lanes.length - 1].phases, options),
    panel(
      title("excluded loss, train (nats, log axis)", "memorization ends where it turns"),
      { name: "excluded", color: theme.excluded, points: excluded },
      phases.memorization_ends,
      true,
      true,
    ),
    panel(
      title("restricted loss, test (nats, log axis)", "the circuit is formed where its steep fall starts"),
      { name: "restricted", color: theme.ink, points: restricted },
      phases.circuit_formation_ends,
      true,
    ),
    panel(
      title("sum of squared weights", "cleanup ends where its steep fall does"),
      { name: "all weights", color: theme.ink, points: weights },
      phases.cleanup_ends,
      false,
    ),
    lanesPanel(lanes, phases, scale, options),
  ];
  const text = {
    ariaLabel: "Three measures against epoch with the detected ends of the phases, and the phases as bars",
    ariaDescription: claim(data),
  };
  return markEpochAxis(stackPanels(panels, text, options), scale, options);
}

function lanesOf(run: RunSummary, stretches: Phase[]): Lane[] {
  const own = { name: "this run", phases: stretches };
  return isMainModel(run) ? [own, { name: "paper, by eye", phases: PAPER.phases }] : [own];
}

/** The boundary as a rule within its 95 % interval. */
function boundaryMarks({ epoch, low, high }: Boundary, scale: EpochScale, { theme }: FigureOptions): Plot.Markish[] {
  const [first, last] = scale.domain;
  const interval = [{ low: Math.max(first, low), high: Math.min(last, high) }];
  return [
    Plot.rectX(interval, { x1: "low", x2: "high", fill: theme.ink, fillOpacity: 0.13 }),
    Plot.ruleX(
      [epoch].filter((x) => scale.has(x)),
      { stroke: theme.ink, strokeWidth: 1.25 },
    ),
  ];
}

function claim({ run, phases }: PhaseBoundariesData): string {
  const { memorization_ends, circuit_formation_ends, cleanup_ends } = phases;
  if (!memorization_ends && run.milestones.grokked === null) return withoutTurn(run);
  const parts = [
    memorization_ends
      ? `Memorization ends at epoch ${boundaryText(memorization_ends)}`
      : "The model generalizes, but excluded loss has no turn that would end memorization",
  ];
  if (circuit_formation_ends) parts.push(`circuit formation at ${boundaryText(circuit_formation_ends)}`);
  if (cleanup_ends) parts.push(`cleanup at ${boundaryText(cleanup_ends)}`);
  return parts.join(", ");
}

function withoutTurn(run: RunSummary): string {
  const why =
    run.key_frequencies === null
      ? "no frequency becomes key, so there is no excluded loss"
      : "excluded loss does not turn";
  switch (outcomeOf(run)) {
    case "collapsed":
      return `This run forgets its training pairs instead of finding a circuit: ${why}`;
    case "unlearnt":
      return `This run has no phases: it never memorizes, and ${why}`;
    default:
      return `This run never leaves memorization: ${why}`;
  }
}

/** Detected phases with their uncertainty. */
export const phaseBoundaries: Figure<PhaseBoundariesData> = {
  id: "phase-boundaries",
  number: 3,
  name: "Phase boundaries",
  height,
  gap: ({ run, metrics, progress }) =>
    missingRun(run, metrics) ?? (progress.length ? null : "no progress measures are stored for this run"),
  claim,
  headline({ phases }) {
    const found = [phases.memorization_ends, phases.circuit_formation_ends, phases.cleanup_ends];
    return {
      label: "epochs at which the three phases end",
      value: found.filter(Boolean).length,
      text: found.map((end) => (end ? boundaryText(end) : "none")).join("; "),
    };
  },
  draw,
  rows({ run, phases }) {
    const detected = Object.entries(phases).map(([name, end]: [string, Boundary | null]) => ({
      source: "this run",
      boundary: name,
      epoch: end?.epoch ?? null,
      low: end?.low ?? null,
      high: end?.high ?? null,
    }));
    const paper = PAPER.phases.map(({ name, to }) => ({
      source: "paper, by eye",
      boundary: `${name.replaceAll(" ", "_")}_ends`,
      epoch: to,
      low: null,
      high: null,
    }));
    return isMainModel(run) ? [...detected, ...paper] : detected;
  },
  caption:
    "Each boundary is a change of slope of the measure in its panel, found by a broken line through its logarithm; the " +
    "grey band around the rule, and the range in brackets above, are its 95 % interval. The bars are the phases; for the main " +
    "model, beside those that the paper drew by eye.",
  guidance: {
    shows:
      "When the model memorizes, when it builds the circuit, and when it throws away what it had memorized, decided by a " +
      "rule instead of by eye.",
    reading:
      "Follow one panel at a time: the rule marks the change of slope, the band around it how surely it is placed. Then " +
      "compare the two bars below: the order and the proportions matter, not the exact epochs.",
    normal:
      "Three phases in this order. Circuit formation is the longest; cleanup begins where test loss collapses. Seeds " +
      "differ by thousands of epochs in the later two boundaries.",
    wrong:
      "A missing boundary: the measure never turns, as in the twin without weight decay. A band as wide as a phase: too " +
      "few checkpoints, or a change too gradual to be called a boundary. Phases out of order: the measures disagree, and " +
      "the bars stop at the first that does not follow.",
  },
};
