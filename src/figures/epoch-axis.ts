/** What the charts over epochs share: one axis, the rule at the shared epoch, pale bands for phases. */
import * as Plot from "@observablehq/plot";
import { bisector } from "d3";
import type { FigureOptions } from "./figure.js";
import { formatEpoch, formatLogTick } from "./format.js";

/** Room at the right for the names and values of lines. */
export const LABEL_MARGIN = 104;
export const LEFT_MARGIN = 52;

export interface EpochScale {
  type: "linear" | "log";
  domain: [number, number];
  label: string;
  /** Whether an epoch is on the axis: a log axis has no epoch 0. */
  has(epoch: number): boolean;
}

/**
 * The axis of epochs for rows in order of epoch.
 *
 * @param scale a log axis starts at the first evaluation after epoch 0 and says so
 */
export function epochScale(rows: readonly { epoch: number }[], scale: "linear" | "log" = "linear"): EpochScale {
  const last = rows.at(-1)?.epoch ?? 1;
  if (scale === "linear") {
    return { type: "linear", domain: [0, Math.max(1, last)], label: "epoch", has: () => true };
  }
  const first = rows.find((row) => row.epoch > 0)?.epoch ?? 1;
  return {
    type: "log",
    domain: [first, Math.max(last, first + 1)],
    label: `epoch, log axis from ${formatEpoch(first)}`,
    has: (epoch) => epoch >= first,
  };
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
    tickFormat: scale.type === "log" ? (value: number) => formatLogTick(value) : formatEpoch,
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
  if (epoch === undefined || !scale.has(epoch)) return [];
  return [
    Plot.text([Math.min(epoch, scale.domain[1])], {
      x: (d: number) => d,
      frameAnchor: "top",
      text: (d: number) => `epoch ${formatEpoch(d)}`,
      dy: -27,
      lineAnchor: "bottom",
      fill: theme.ink,
      fontWeight: 600,
    }),
  ];
}

export interface Phase {
  name: "memorization" | "circuit formation" | "cleanup";
  from: number;
  to: number;
}

const PHASE_ROLE = { memorization: "memorization", "circuit formation": "formation", cleanup: "cleanup" } as const;

/** Pale bands behind the lines, with their names in the top panel of a stack. */
export function phaseBands(
  phases: readonly Phase[],
  scale: EpochScale,
  { theme, width }: FigureOptions,
  named = false,
): Plot.Markish[] {
  const [low, high] = scale.domain;
  const shown = phases
    .map((phase) => ({ ...phase, from: Math.max(low, phase.from), to: Math.min(high, phase.to) }))
    .filter((phase) => phase.to > phase.from);
  const marks: Plot.Markish[] = [
    Plot.rectX(shown, { x1: "from", x2: "to", fill: (d: Phase) => theme[PHASE_ROLE[d.name]], inset: 0 }),
  ];
  if (!named) return marks;
  const position = (epoch: number) =>
    scale.type === "log" ? Math.log(epoch / low) / Math.log(high / low) : (epoch - low) / (high - low);
  const inner = width - LEFT_MARGIN - LABEL_MARGIN;
  const roomy = shown.filter((d) => (position(d.to) - position(d.from)) * inner > d.name.length * 6.2 + 8);
  marks.push(
    Plot.text(roomy, {
      x: "from",
      frameAnchor: "bottom-left",
      textAnchor: "start",
      text: "name",
      dx: 5,
      dy: -5,
      fill: theme.muted,
      fontStyle: "italic",
    }),
  );
  return marks;
}

/** Notes on the SVG where its axis of epochs lies, so that the page can turn a click into an epoch. */
export function markEpochAxis(svg: SVGSVGElement, scale: EpochScale, { width }: FigureOptions): SVGSVGElement {
  const axis = { type: scale.type, domain: scale.domain, range: [LEFT_MARGIN, width - LABEL_MARGIN] };
  svg.setAttribute("data-epoch-axis", JSON.stringify(axis));
  return svg;
}
