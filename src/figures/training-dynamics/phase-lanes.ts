/** The phases of several sources as bars over the axis of epochs. */
import * as Plot from "@observablehq/plot";
import type { Boundary, Phases } from "../../analysis/phases.js";
import {
  type EpochScale,
  epochAxis,
  epochRule,
  PHASE_ROLE,
  type Phase,
  positionOf,
  sideMargins,
} from "../epoch-axis.js";
import type { FigureOptions } from "../figure.js";
import { formatEpoch } from "../format.js";

export interface Lane {
  name: string;
  phases: readonly Phase[];
}

export const LANES_HEIGHT = 156;

/** One bar per source, with the epochs at which its phases end; whiskers for the first, which has intervals. */
export function lanesPanel(
  lanes: readonly Lane[],
  phases: Phases,
  scale: EpochScale,
  options: FigureOptions,
): SVGSVGElement {
  const { theme, width, document } = options;
  const [low, high] = scale.domain;
  const clamp = (epoch: number) => Math.min(high, Math.max(low, epoch));
  const bars = lanes.flatMap(({ name, phases: stretches }) =>
    stretches
      .map((d) => ({ lane: name, phase: d.name, from: clamp(d.from), to: clamp(d.to), end: d.to }))
      .filter((d) => d.to > d.from),
  );
  const { left, right } = sideMargins(width);
  const pixel = (epoch: number) => positionOf(epoch, scale) * (width - left - right);
  /** An end is written where the one before it in its lane leaves room. */
  const written = bars.filter((d, i) => bars[i - 1]?.lane !== d.lane || pixel(d.to) - pixel(bars[i - 1].to) > 44);
  const whiskers = Object.values(phases)
    .filter((end: Boundary | null): end is Boundary => end !== null && scale.has(end.epoch))
    .map(({ low: from, high: to }) => ({ lane: lanes[0].name, from: clamp(from), to: clamp(to) }));
  return Plot.plot({
    document,
    width,
    height: LANES_HEIGHT,
    marginTop: 22,
    marginBottom: 40,
    marginLeft: left,
    marginRight: right,
    style: { fontSize: "12px", fontFamily: "inherit", background: "none", overflow: "visible", color: theme.muted },
    x: epochAxis(scale, width, true),
    y: { domain: lanes.map(({ name }) => name), axis: null, padding: 0.46 },
    marks: [
      Plot.barX(bars, {
        x1: "from",
        x2: "to",
        y: "lane",
        fill: (d) => theme[PHASE_ROLE[d.phase as Phase["name"]]],
        stroke: theme.muted,
        strokeWidth: 0.75,
      }),
      // Under the names, whose halo in the colour of their bar interrupts it.
      epochRule(scale, options),
      Plot.text(
        bars.filter((d) => pixel(d.to) - pixel(d.from) > d.phase.length * 6.4 + 12),
        {
          x: (d) => (scale.type === "log" ? Math.sqrt(d.from * d.to) : (d.from + d.to) / 2),
          y: "lane",
          text: "phase",
          fill: theme.muted,
          fontStyle: "italic",
          stroke: (d) => theme[PHASE_ROLE[d.phase as Phase["name"]]],
          strokeWidth: 5,
          paintOrder: "stroke",
        },
      ),
      Plot.ruleY(whiskers, { x1: "from", x2: "to", y: "lane", stroke: theme.ink, strokeWidth: 2.5, dy: 10 }),
      Plot.text(written, {
        x: "to",
        y: "lane",
        text: (d) => formatEpoch(d.end),
        dy: -16,
        fill: theme.ink,
        fontWeight: 500,
      }),
      Plot.text(
        lanes.map(({ name }) => name),
        {
          y: (d) => d,
          frameAnchor: "right",
          textAnchor: "start",
          dx: 8,
          text: (d) => d,
          fill: theme.ink,
          fontWeight: 500,
        },
      ),
    ],
  }) as SVGSVGElement;
}
