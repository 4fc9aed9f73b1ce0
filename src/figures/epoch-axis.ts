/** What the charts over epochs share: one axis, the rule at the shared epoch, pale bands for phases. */
import * as Plot from "@observablehq/plot";
import { bisector } from "d3";
import type { Phases } from "../analysis/phases.js";
import type { EpochAxisKind, FigureOptions } from "./figure.js";
import { formatEpoch } from "./format.js";
import type { RunSummary } from "./run-summary.js";

/** Room beside a chart, in pixels: for ticks at the left, for the names of lines at the right. */
export const sideMargins = (width: number) => (width < 560 ? { left: 42, right: 92 } : { left: 52, right: 104 });

/** Where an epoch lies on the axis, from 0 at its left end to 1. */
export function positionOf(epoch: number, { type, domain: [low, high] }: EpochScale): number {
  const at = Math.min(high, Math.max(low, epoch));
  return type === "log" ? Math.log(at / low) / Math.log(high / low) : (at - low) / (high - low);
}

export interface EpochScale {
  type: "linear" | "log";
  domain: [number, number];
  label: string;
  /** Whether an epoch is on the axis: a log axis has no epoch 0. */
  has(epoch: number): boolean;
}

/** Where a close-up of a run ends: well after it has grokked; undefined for a run that never does. */
export function closeUpOf({ milestones, ended }: Pick<RunSummary, "milestones" | "ended">): number | undefined {
  if (milestones.grokked === null) return undefined;
  const end = 2.5 * milestones.grokked;
  const step = 10 ** Math.floor(Math.log10(end)) / 5;
  return Math.min(ended.epoch, Math.ceil(end / step) * step);
}

/**
 * The axis of epochs for rows in order of epoch.
 *
 * @param kind a log axis starts at the first evaluation after epoch 0 and says so; a close-up needs `closeUp`
 * @param closeUp last epoch of a close-up
 */
export function epochScale(
  rows: readonly { epoch: number }[],
  kind: EpochAxisKind = "linear",
  closeUp?: number,
): EpochScale {
  const last = Math.max(1, rows.at(-1)?.epoch ?? 1);
  if (kind === "log") {
    const first = rows.find((row) => row.epoch > 0)?.epoch ?? 1;
    const label = `epoch, log axis from ${formatEpoch(first)}`;
    return { type: "log", domain: [first, Math.max(last, first + 1)], label, has: (epoch) => epoch >= first };
  }
  const end = kind === "close-up" && closeUp !== undefined ? Math.min(last, closeUp) : last;
  const label = end < last ? `epoch, the first ${formatEpoch(end)} of ${formatEpoch(last)}` : "epoch";
  return { type: "linear", domain: [0, end], label, has: (epoch) => epoch <= end };
}

/** Plot's options for the x scale; only the lowest panel of a stack has the axis itself. */
export function epochAxis(scale: EpochScale, width: number, lowest: boolean): Plot.PlotOptions["x"] {
  const narrow = width < 560;
  return {
    type: scale.type,
    domain: scale.domain,
    label: lowest ? scale.label : null,
    labelAnchor: "center",
    labelArrow: "none",
    axis: lowest ? "bottom" : null,
    ticks: scale.type === "log" ? undefined : narrow ? 4 : 8,
    tickFormat:
      scale.type === "log"
        ? (value: number) => (Number.isInteger(Math.log10(value)) ? formatEpoch(value) : "")
        : formatEpoch,
    tickSize: 4,
  };
}

const byEpoch = bisector<{ epoch: number }, number>((row) => row.epoch);

/** The row nearest to an epoch, of rows in order of epoch; undefined for none. */
export function nearest<T extends { epoch: number }>(rows: readonly T[], epoch: number): T | undefined {
  return rows[byEpoch.center(rows, epoch)];
}

/** A vertical rule at the shared epoch, where it is on the axis; the values belong beside it (`valueLabels`). */
export function epochRule(scale: EpochScale, { epoch, theme }: FigureOptions): Plot.Markish[] {
  if (epoch === undefined || !scale.has(epoch)) return [];
  const [low, high] = scale.domain;
  const x = Math.min(high, Math.max(low, epoch));
  return [Plot.ruleX([x], { stroke: theme.ink, strokeWidth: 1, strokeOpacity: 0.55 })];
}

/** The epoch in words above the rule, for the top panel of a stack. */
export function epochMark(scale: EpochScale, { epoch, theme }: FigureOptions): Plot.Markish[] {
  if (epoch === undefined) return [];
  const [low, high] = scale.domain;
  const label = `epoch ${formatEpoch(epoch)}`;
  return [
    Plot.text([Math.max(low, Math.min(epoch, high))], {
      x: (d: number) => d,
      frameAnchor: "top",
      text: () => (epoch > high ? `${label} →` : epoch < low ? `← ${label}` : label),
      dy: -27,
      lineAnchor: "bottom",
      fill: theme.ink,
      fontWeight: 600,
    }),
  ];
}

/** A stretch of training, in epochs. */
export interface Phase {
  name: "memorization" | "circuit formation" | "cleanup";
  from: number;
  to: number;
}

/** The stretches between detected boundaries; none after the first boundary that was not found. */
export function phaseStretches(phases: Phases | undefined): Phase[] {
  if (!phases?.memorization_ends) return [];
  const { memorization_ends, circuit_formation_ends, cleanup_ends } = phases;
  const ends = [
    { name: "memorization", end: memorization_ends },
    { name: "circuit formation", end: circuit_formation_ends },
    { name: "cleanup", end: cleanup_ends },
  ] as const;
  const stretches: Phase[] = [];
  let from = 0;
  for (const { name, end } of ends) {
    if (!end || end.epoch <= from) break;
    stretches.push({ name, from, to: end.epoch });
    from = end.epoch;
  }
  return stretches;
}

export const PHASE_ROLE = {
  memorization: "memorization",
  "circuit formation": "formation",
  cleanup: "cleanup",
} as const;

/** Pale bands behind the lines. */
export function phaseBands(phases: readonly Phase[], scale: EpochScale, { theme }: FigureOptions): Plot.Markish {
  const [low, high] = scale.domain;
  const shown = phases
    .map((phase) => ({ ...phase, from: Math.max(low, phase.from), to: Math.min(high, phase.to) }))
    .filter((phase) => phase.to > phase.from);
  return Plot.rectX(shown, { x1: "from", x2: "to", fill: (d: Phase) => theme[PHASE_ROLE[d.name]], inset: 0 });
}

/** Notes on the SVG where its axis of epochs lies, so that the page can turn a click into an epoch. */
export function markEpochAxis(svg: SVGSVGElement, scale: EpochScale, { width }: FigureOptions): SVGSVGElement {
  const { left, right } = sideMargins(width);
  const axis = { type: scale.type, domain: scale.domain, range: [left, width - right] };
  svg.setAttribute("data-epoch-axis", JSON.stringify(axis));
  return svg;
}
