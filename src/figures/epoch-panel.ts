/** One panel of lines over epochs: the building block of the charts that share the epoch. */
import * as Plot from "@observablehq/plot";
import {
  type EpochScale,
  epochAxis,
  epochMark,
  epochRule,
  nearest,
  type Phase,
  phaseBands,
  positionOf,
  sideMargins,
} from "./epoch-axis.js";
import type { FigureOptions } from "./figure.js";
import { formatEpoch, formatLogTick, formatNumber } from "./format.js";
import { endLabels, type LabelPoint, valueLabels } from "./line-labels.js";

/** One quantity over epochs; a null value is a gap. */
export interface Line {
  name: string;
  color: string;
  dash?: string;
  width?: number;
  points: readonly { epoch: number; value: number | null }[];
  /** Leaves the name out of the right margin. */
  unnamed?: boolean;
}

export interface PanelSpec {
  lines: readonly Line[];
  scale: EpochScale;
  /** Height of the frame, without axis and title. */
  height: number;
  /** Quantity and unit, written above the axis. */
  label: string;
  y?: { type?: "linear" | "log"; domain?: [number, number]; ticks?: number };
  /** How values are written beside the rule and in tooltips. */
  format?: (value: number) => string;
  /** What an empty panel says. */
  empty?: string;
  /** Dots at the points, for few of them. */
  dots?: boolean;
  /** Drawn as pale bands. */
  phases?: readonly Phase[];
  /** The top panel names the epoch. */
  top?: boolean;
  /** The lowest panel has the axis of epochs. */
  lowest?: boolean;
  /** Further marks, over the bands and under the lines. */
  under?: Plot.Markish[];
}

const TOP_MARGIN = 30;
const AXIS_MARGIN = 40;
const BOTTOM_MARGIN = 6;

/** Height in pixels that a panel with a frame of `height` takes in a stack. */
export const panelHeight = (height: number, top = false, lowest = false) =>
  height + TOP_MARGIN + (top ? 18 : 0) + (lowest ? AXIS_MARGIN : BOTTOM_MARGIN);

/** Draws one panel as an SVG element. */
export function epochPanel(spec: PanelSpec, options: FigureOptions): SVGSVGElement {
  const { lines, scale, height, label, top = false, lowest = false, phases = [] } = spec;
  const { theme, width, document } = options;
  const { type = "linear", ticks = Math.max(2, Math.round(height / 45)) } = spec.y ?? {};
  const { left, right } = sideMargins(width);
  const drawn = lines.map((line) => ({
    ...line,
    points: line.points.filter((d) => isDrawn(d, scale, type)),
    beyond: whereItLeaves(line, scale, type),
  }));
  const domain = spec.y?.domain ?? extentOf(drawn, type);
  const ticksOf = type === "log" ? logTicks(domain, ticks + 1) : ticks;
  const marginTop = TOP_MARGIN + (top ? 18 : 0);
  const marginBottom = lowest ? AXIS_MARGIN : BOTTOM_MARGIN;
  return Plot.plot({
    document,
    width,
    height: height + marginTop + marginBottom,
    marginTop,
    marginBottom,
    marginLeft: left,
    marginRight: right,
    style: { fontSize: "12px", fontFamily: "inherit", background: "none", overflow: "visible", color: theme.muted },
    x: epochAxis(scale, width, lowest),
    y: { type, domain, axis: null, nice: type === "linear" && !spec.y?.domain },
    marks: [
      phaseBands(phases, scale, options),
      Plot.gridY({ stroke: theme.rule, strokeOpacity: 0.7, ticks: ticksOf }),
      Plot.axisY({
        label: null,
        ticks: ticksOf,
        tickSize: 0,
        fill: theme.muted,
        ...(type === "log" ? { tickFormat: formatLogTick } : {}),
      }),
      Plot.text([label], {
        frameAnchor: "top-left",
        lineAnchor: "bottom",
        textAnchor: "start",
        dx: -left + 2,
        dy: -10,
        fill: theme.ink,
        fontWeight: 500,
      }),
      spec.under ?? [],
      drawn.map((line) => lineMarks(line, line.beyond, spec.dots ?? false)),
      ends(drawn).length
        ? []
        : Plot.text([spec.empty ?? "not stored for this run"], { frameAnchor: "middle", fill: theme.muted }),
      endLabels(ends(drawn), theme),
      epochRule(scale, options),
      top ? epochMark(scale, options) : [],
      values(drawn, spec, options),
      options.interactive ? tooltip(drawn, spec, options) : [],
    ],
  }) as SVGSVGElement;
}

const isDrawn = (d: { epoch: number; value: number | null }, scale: EpochScale, type: string) =>
  scale.has(d.epoch) && (d.value === null || Number.isFinite(d.value)) && !(type === "log" && (d.value ?? 1) <= 0);

/** Where a line crosses the end of a close-up, between two points that may lie far apart; nothing where it does not. */
function whereItLeaves({ points }: Line, { has, domain }: EpochScale, type: "linear" | "log"): Line["points"] {
  const after = points.findIndex(({ epoch }) => epoch > domain[1]);
  const [from, to] = [points[after - 1], points[after]];
  if (!from || !has(from.epoch) || from.epoch === domain[1] || from.value === null || to.value === null) return [];
  if (type === "log" && !(from.value > 0 && to.value > 0)) return [];
  const share = (domain[1] - from.epoch) / (to.epoch - from.epoch);
  const value =
    type === "log" ? from.value * (to.value / from.value) ** share : from.value + share * (to.value - from.value);
  return [{ epoch: domain[1], value }];
}

function extentOf(lines: readonly Line[], type: "linear" | "log"): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const { points } of lines) {
    for (const { value } of points) {
      if (value === null) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  if (!(low <= high)) return type === "log" ? [0.1, 10] : [0, 1];
  if (type === "log") return low === high ? [low / 10, high * 10] : [low * 0.7, high * 1.4];
  return [Math.min(0, low), high === low ? low + 1 : high];
}

/** Powers of ten within a domain, thinned to about `count`; 1, 2 and 5 of each where there are fewer than two. */
export function logTicks([low, high]: readonly [number, number], count: number): number[] {
  const first = Math.floor(Math.log10(low));
  const exponents = Array.from({ length: Math.ceil(Math.log10(high)) - first + 1 }, (_, i) => first + i);
  const within = (tick: number) => tick >= low && tick <= high;
  const decades = exponents.filter((e) => within(10 ** e));
  if (decades.length < 2) return exponents.flatMap((e) => [1, 2, 5].map((m) => m * 10 ** e)).filter(within);
  const step = Math.max(1, Math.ceil(decades.length / count));
  return decades.filter((e) => e % step === 0).map((e) => 10 ** e);
}

function lineMarks({ points, color, dash, width = 1.75 }: Line, beyond: Line["points"], dots: boolean): Plot.Markish[] {
  const xy = { x: "epoch", y: (d: { value: number | null }) => d.value ?? Number.NaN };
  const data = [...points];
  const marks: Plot.Markish[] = [
    Plot.line([...data, ...beyond], {
      ...xy,
      stroke: color,
      strokeWidth: width,
      strokeDasharray: dash,
      strokeLinejoin: "round",
    }),
  ];
  if (dots) marks.push(Plot.dot(data, { ...xy, fill: color, r: 1.6 }));
  return marks;
}

const ends = (lines: readonly Line[]): LabelPoint[] =>
  lines.flatMap(({ points, name, color, unnamed }) => {
    const last = points.findLast((d) => d.value !== null);
    return last && !unnamed ? [{ x: last.epoch, y: last.value as number, text: name, color }] : [];
  });

function values(lines: readonly Line[], { scale, format = formatNumber }: PanelSpec, options: FigureOptions) {
  const { epoch, theme, width } = options;
  if (epoch === undefined || !scale.has(epoch)) return [];
  const points = lines.flatMap(({ points, color }) => {
    const row = nearest(points, epoch);
    return row?.value == null ? [] : [{ x: row.epoch, y: row.value, text: format(row.value), color }];
  });
  const { left, right } = sideMargins(width);
  return valueLabels(points, theme, positionOf(epoch, scale) * (width - left - right) > 100);
}

function tooltip(lines: readonly Line[], { format = formatNumber }: PanelSpec, { theme }: FigureOptions) {
  const [first] = lines;
  if (!first?.points.length) return [];
  const title = (epoch: number) =>
    [`epoch ${formatEpoch(epoch)}`]
      .concat(
        lines.flatMap(({ name, points }) => {
          const value = nearest(points, epoch)?.value;
          return value == null ? [] : [`${name}  ${format(value)}`];
        }),
      )
      .join("\n");
  const data = first.points.filter((d) => d.value !== null) as { epoch: number; value: number }[];
  return [
    Plot.ruleX(data, Plot.pointerX({ x: "epoch", stroke: theme.muted, strokeDasharray: "2 3" })),
    Plot.tip(
      data,
      Plot.pointerX({
        x: "epoch",
        y: "value",
        title: (d: { epoch: number }) => title(d.epoch),
        fill: theme.background,
        stroke: theme.rule,
        fontFamily: "inherit",
      }),
    ),
  ];
}
