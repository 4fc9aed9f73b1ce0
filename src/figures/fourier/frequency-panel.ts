/** One panel of bars over the folded frequencies: the building block of the spectra. */
import * as Plot from "@observablehq/plot";
import type { FigureOptions } from "../figure.js";
import { formatNumber, formatPercent } from "../format.js";
import { spread } from "../line-labels.js";
import { keyColor } from "../theme.js";
import { hoverFrame } from "./hover-frame.js";

export interface FrequencyPanelSpec {
  /** Height of each bar; entry k − 1 belongs to frequency k. */
  values: ArrayLike<number>;
  /** Frequencies whose bars are coloured. */
  marked: readonly number[];
  /** The run's key frequencies by energy: the order of the colours. */
  ranked: readonly number[];
  /** Pixels of the frame, without axis and title. */
  height: number;
  /** Quantity and unit, written above the frame. */
  label: string;
  /** Written above the frame at the right. */
  note?: string;
  /** Pales label and note: a panel that is not the one in question. */
  pale?: boolean;
  /** Where a dashed line lies. */
  threshold?: number;
  /** Values of the same quantity elsewhere, as short ticks. */
  reference?: ArrayLike<number>;
  domain?: readonly [number, number];
  /** The top panel names the marked frequencies. */
  top?: boolean;
  /** The lowest panel has the axis. */
  lowest?: boolean;
  format?: (value: number) => string;
  /** What the tooltip adds for a frequency. */
  describe?: (k: number) => string;
}

const LEFT = 52;
const RIGHT = 8;
const TITLE = 26;
const NAMES = 20;
const AXIS = 40;
const BOTTOM = 8;
/** Width in pixels that the name of a marked frequency takes. */
const NAME_WIDTH = 19;

/** Height in pixels that a panel with a frame of `height` takes in a stack. */
export const frequencyPanelHeight = (height: number, { top = false, lowest = false } = {}) =>
  height + TITLE + (top ? NAMES : 0) + (lowest ? AXIS : BOTTOM);

/** Draws one panel as an SVG element. */
export function frequencyPanel(spec: FrequencyPanelSpec, options: FigureOptions): SVGSVGElement {
  const { height, top = false, lowest = false, pale = false, threshold, reference } = spec;
  const { theme, width, document } = options;
  const rows = Array.from(spec.values, (value, i) => ({ k: i + 1, value, marked: spec.marked.includes(i + 1) }));
  const count = rows.length;
  const largest = Math.max(...rows.map((d) => d.value), ...Array.from(reference ?? []), threshold ?? 0);
  const [low, high] = spec.domain ?? [0, largest > 0 ? 1.04 * largest : 1];
  const color = (k: number) => (spec.ranked.includes(k) ? keyColor(theme, spec.ranked, k) : theme.ink);
  const title = { frameAnchor: "top", lineAnchor: "bottom", dy: top ? -NAMES - 9 : -9 } as const;
  return Plot.plot({
    document,
    width,
    height: frequencyPanelHeight(height, spec),
    marginTop: TITLE + (top ? NAMES : 0),
    marginBottom: lowest ? AXIS : BOTTOM,
    marginLeft: LEFT,
    marginRight: RIGHT,
    style: { fontSize: "12px", fontFamily: "inherit", background: "none", overflow: "visible", color: theme.muted },
    x: { type: "linear", domain: [0.4, count + 0.6], axis: null },
    y: { type: "linear", domain: [low, high], axis: null },
    marks: [
      Plot.gridY({ stroke: theme.rule, strokeOpacity: 0.7, ticks: Math.max(2, Math.round(height / 45)) }),
      Plot.axisY({ label: null, tickSize: 0, ticks: Math.max(2, Math.round(height / 45)), fill: theme.muted }),
      Plot.text([spec.label], {
        ...title,
        frameAnchor: "top-left",
        textAnchor: "start",
        dx: -LEFT + 2,
        fill: pale ? theme.muted : theme.ink,
        fontWeight: pale ? 400 : 600,
      }),
      spec.note
        ? Plot.text([spec.note], {
            ...title,
            frameAnchor: "top-right",
            textAnchor: "end",
            fill: pale ? theme.muted : theme.ink,
            fontWeight: pale ? 400 : 600,
          })
        : [],
      Plot.rectY(rows, {
        x1: (d) => d.k - 0.36,
        x2: (d) => d.k + 0.36,
        y1: low,
        y2: (d) => Math.max(low, d.value),
        fill: (d) => (d.marked ? color(d.k) : theme.other),
        fillOpacity: (d) => (d.marked ? 1 : 0.75),
      }),
      reference
        ? Plot.ruleY(Array.from(reference), {
            x1: (_, i) => i + 0.5,
            x2: (_, i) => i + 1.5,
            y: (value: number) => value,
            stroke: theme.ink,
            strokeWidth: 1,
          })
        : [],
      Plot.ruleY([low], { stroke: theme.rule }),
      threshold === undefined
        ? []
        : Plot.ruleY([threshold], {
            stroke: theme.ink,
            strokeWidth: pale ? 0.75 : 1.25,
            strokeOpacity: pale ? 0.5 : 1,
            strokeDasharray: "4 3",
          }),
      top ? names(spec, count, color, options) : [],
      lowest ? axis(count, options) : [],
      options.interactive ? tooltip(rows, spec, options) : [],
    ],
  }) as SVGSVGElement;
}

/** Names of the marked frequencies above the frame, kept apart. */
function names(
  { marked, ranked }: FrequencyPanelSpec,
  count: number,
  color: (k: number) => string,
  { theme, width }: FigureOptions,
): Plot.Markish[] {
  const inner = width - LEFT - RIGHT;
  const room = Math.floor(inner / NAME_WIDTH);
  const named = marked.length <= room ? marked : marked.filter((k) => ranked.includes(k)).slice(0, room);
  const perFrequency = inner / (count + 0.2);
  const wanted = named.map((k) => (k - 0.4) * perFrequency);
  const placed = spread(wanted, NAME_WIDTH, 6, inner - 6);
  const labels = named.map((k, i) => ({ k, x: placed[i] / perFrequency + 0.4 }));
  return [
    Plot.text(labels, {
      x: "x",
      frameAnchor: "top",
      lineAnchor: "bottom",
      dy: -4,
      text: (d: { k: number }) => String(d.k),
      fill: (d: { k: number }) => color(d.k),
      stroke: theme.background,
      strokeWidth: 3,
      paintOrder: "stroke",
      fontWeight: 700,
    }),
  ];
}

function axis(count: number, { theme, width }: FigureOptions): Plot.Markish[] {
  const step = width < 560 ? 10 : 5;
  const ticks = [1, ...Array.from({ length: Math.floor(count / step) }, (_, i) => step * (i + 1))];
  return [
    Plot.axisX(ticks, {
      label:
        width < 560 ? "frequency k (p − k folded onto k)" : "frequency k (k and p − k are one; the constant is none)",
      labelAnchor: "center",
      labelArrow: "none",
      tickSize: 4,
      tickFormat: String,
      fill: theme.muted,
      stroke: theme.muted,
    }),
  ];
}

function tooltip(
  rows: readonly { k: number; value: number }[],
  { format = (value) => formatNumber(value), describe }: FrequencyPanelSpec,
  { theme }: FigureOptions,
): Plot.Markish[] {
  const total = rows.reduce((sum, d) => sum + d.value * d.value, 0);
  const words = (d: { k: number; value: number }) =>
    `k = ${d.k}\n${format(d.value)}${describe ? `\n${describe(d.k)}` : `\n${formatPercent((d.value * d.value) / (total || 1), 2)} of the energy`}`;
  return [
    hoverFrame(),
    Plot.tip(
      rows,
      Plot.pointerX({
        x: "k",
        y: "value",
        title: words,
        fill: theme.background,
        stroke: theme.rule,
        fontFamily: "inherit",
        lineHeight: 1.35,
      }),
    ),
  ];
}
