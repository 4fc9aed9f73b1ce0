/** One panel of lines over epochs: the building block of the charts that share the epoch. */
import * as Plot from "@observablehq/plot";
import {
  type EpochScale,
  epochAxis,
  epochMark,
  epochRule,
  LABEL_MARGIN,
  LEFT_MARGIN,
  nearest,
  type Phase,
  phaseBands,
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
  /** Dots at the points, for few of them. */
  dots?: boolean;
  phases?: readonly Phase[];
  /** The top panel names the phases and the epoch. */
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
  const drawn = lines.map((line) => ({ ...line, points: line.points.filter((d) => isDrawn(d, scale, type)) }));
  const domain = spec.y?.domain ?? extentOf(drawn, type);
  const marginTop = TOP_MARGIN + (top ? 18 : 0);
  const marginBottom = lowest ? AXIS_MARGIN : BOTTOM_MARGIN;
  return Plot.plot({
    document,
    width,
    height: height + marginTop + marginBottom,
    marginTop,
    marginBottom,
    marginLeft: LEFT_MARGIN,
    marginRight: LABEL_MARGIN,
    style: { fontSize: "12px", fontFamily: "inherit", background: "none", overflow: "visible", color: theme.muted },
    x: epochAxis(scale, width, lowest),
    y: { type, domain, axis: null, nice: type === "linear" && !spec.y?.domain },
    marks: [
      phaseBands(phases, scale, options, top),
      Plot.gridY({ stroke: theme.rule, strokeOpacity: 0.7, ticks }),
      Plot.axisY({
        label: null,
        ticks,
        tickSize: 0,
        fill: theme.muted,
        ...(type === "log" ? { tickFormat: (d: number) => formatLogTick(d) } : {}),
      }),
      Plot.text([label], {
        frameAnchor: "top-left",
        lineAnchor: "bottom",
        textAnchor: "start",
        dx: -LEFT_MARGIN + 2,
        dy: -10,
        fill: theme.ink,
        fontWeight: 500,
      }),
      spec.under ?? [],
      drawn.map((line) => lineMarks(line, spec.dots ?? false)),
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

function lineMarks({ points, color, dash, width = 1.75 }: Line, dots: boolean): Plot.Markish[] {
  const xy = { x: "epoch", y: (d: { value: number | null }) => d.value ?? Number.NaN };
  const data = points as { epoch: number; value: number | null }[];
  const marks: Plot.Markish[] = [
    Plot.line(data, { ...xy, stroke: color, strokeWidth: width, strokeDasharray: dash, strokeLinejoin: "round" }),
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
  const [low, high] = scale.domain;
  const share =
    scale.type === "log" ? Math.log(Math.max(epoch, low) / low) / Math.log(high / low) : (epoch - low) / (high - low);
  return valueLabels(points, theme, share * (width - LEFT_MARGIN - LABEL_MARGIN) > 100);
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
