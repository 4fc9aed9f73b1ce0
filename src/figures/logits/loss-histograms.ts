/** How the losses of single pairs are spread, one histogram per kind of pair: the right part of figure 20. */
import * as Plot from "@observablehq/plot";
import type { ColorScale } from "../color-maps.js";
import type { FigureOptions } from "../figure.js";
import { formatCount, formatLogTick, formatLoss, formatPercent } from "../format.js";
import { pixelGrid } from "../pixel-grid.js";

export interface LossGroup {
  name: string;
  color: string;
  losses: Float32Array;
  median: number;
}

export interface HistogramSpec {
  groups: readonly LossGroup[];
  /** Colours of the map; their domain is the axis. */
  colors: ColorScale;
  width: number;
  /** Pixels of one histogram's frame. */
  frame: number;
}

const TITLE = 54;
const LEGEND = 60;
/** Bins per decade. */
const BINS = 5;

export const histogramsHeight = (count: number, frame: number) => count * (frame + TITLE) + LEGEND;

interface Bin {
  low: number;
  high: number;
  count: number;
  share: number;
}

/** Shares of the losses per bin; what lies beyond the domain is counted in the outer bins. */
export function binLosses(losses: Float32Array, [low, high]: readonly [number, number]): Bin[] {
  const first = Math.log10(low);
  const count = Math.round((Math.log10(high) - first) * BINS);
  const counts = new Uint32Array(count);
  for (const loss of losses) {
    const at = Math.floor((Math.log10(loss) - first) * BINS);
    counts[Math.min(count - 1, Math.max(0, at))]++;
  }
  return Array.from(counts, (n, i) => ({
    low: 10 ** (first + i / BINS),
    high: 10 ** (first + (i + 1) / BINS),
    count: n,
    share: n / losses.length,
  }));
}

/** One histogram over the other; the map's colours lie along their common axis. */
export function lossHistograms(
  { groups, colors, width, frame }: HistogramSpec,
  options: FigureOptions,
): SVGSVGElement[] {
  const { document, theme } = options;
  const bins = groups.map(({ losses }) => binLosses(losses, colors.domain));
  const most = Math.max(0.05, ...bins.flat().map(({ share }) => share));
  return groups.map((group, i) => {
    const last = i === groups.length - 1;
    const marginBottom = last ? LEGEND : 0;
    return Plot.plot({
      document,
      width,
      height: TITLE + frame + marginBottom,
      marginTop: TITLE,
      marginBottom,
      marginLeft: 40,
      marginRight: 10,
      style: { fontSize: "12px", fontFamily: "inherit", background: "none", overflow: "visible", color: theme.muted },
      x: { type: "log", domain: [...colors.domain], axis: null },
      y: { domain: [0, most], axis: null },
      marks: [
        Plot.gridY({ stroke: theme.rule, strokeOpacity: 0.7, ticks: 2 }),
        Plot.axisY({
          label: null,
          tickSize: 0,
          ticks: 2,
          tickFormat: (d: number) => formatPercent(d, 0),
          fill: theme.muted,
        }),
        Plot.rectY(bins[i], { x1: "low", x2: "high", y: "share", fill: group.color, insetLeft: 0.5, title: words }),
        Plot.ruleY([0], { stroke: theme.rule }),
        medianMarks(group, colors.domain, options),
        Plot.text([`${group.name}: ${formatCount(group.losses.length)} pairs`], {
          frameAnchor: "top-left",
          lineAnchor: "bottom",
          textAnchor: "start",
          dx: -38,
          dy: -24,
          fontSize: 13,
          fontWeight: 600,
          fill: theme.ink,
        }),
        last ? axisMarks(colors, options, width) : [],
      ],
    }) as SVGSVGElement;
  });
}

const words = ({ low, high, count, share }: Bin) =>
  `loss ${formatLoss(low)} to ${formatLoss(high)}\n${formatCount(count)} pairs, ${formatPercent(share)}`;

function medianMarks({ median }: LossGroup, [low, high]: readonly [number, number], { theme }: FigureOptions) {
  const at = Math.min(high, Math.max(low, median));
  const right = Math.log(at / low) / Math.log(high / low) > 0.6;
  return [
    Plot.ruleX([at], { stroke: theme.ink, strokeWidth: 1.25 }),
    Plot.text([at], {
      x: (d: number) => d,
      frameAnchor: "top",
      lineAnchor: "bottom",
      textAnchor: right ? "end" : "start",
      dx: right ? 3 : -3,
      dy: -6,
      text: () => `median ${formatLoss(median)}`,
      fill: theme.ink,
      fontWeight: 600,
    }),
  ];
}

/** The axis of losses with the colours of the map along it. */
function axisMarks(colors: ColorScale, { document, theme }: FigureOptions, width: number): Plot.Markish[] {
  const [low, high] = colors.domain;
  const steps = 256;
  const values = Array.from({ length: steps }, (_, i) => low * (high / low) ** (i / (steps - 1)));
  const every = width < 300 ? 4 : 2;
  const ticks = Array.from({ length: Math.round(Math.log10(high / low)) + 1 }, (_, i) => low * 10 ** i);
  return [
    (_index, { x }, _channels, { height, marginBottom }) => {
      const image = document.createElementNS("http://www.w3.org/2000/svg", "image");
      const left = x?.(low) as number;
      const attributes = {
        x: left,
        y: height - marginBottom + 3,
        width: (x?.(high) as number) - left,
        height: 8,
        preserveAspectRatio: "none",
        href: pixelGrid({ values, width: steps, height: 1, color: colors.color }),
      };
      for (const [name, value] of Object.entries(attributes)) image.setAttribute(name, String(value));
      return image;
    },
    Plot.text(
      ticks.filter((_, i) => i % every === 0),
      { x: (d: number) => d, frameAnchor: "bottom", dy: 28, text: formatLogTick, fill: theme.muted },
    ),
    Plot.text(["loss of a pair (nats, log axis), and its colour in the map"], {
      frameAnchor: "bottom",
      dy: 50,
      fill: theme.ink,
      text: (d: string) => (width < 330 ? "loss of a pair (nats, log axis)" : d),
    }),
  ];
}
