/** A spectrum over training as a strip of pixels, a row per frequency, with the spectrum at one epoch beside it. */
import * as Plot from "@observablehq/plot";
import { type ColorScale, sequentialColors } from "../color-maps.js";
import { type EpochScale, epochAxis, epochRule, nearest, sideMargins } from "../epoch-axis.js";
import type { FigureOptions } from "../figure.js";
import { formatEpoch, formatNumber, formatPercent } from "../format.js";
import { gridMark } from "../pixel-grid.js";
import { keyColor, type Theme } from "../theme.js";
import { sideBars } from "./side-bars.js";
import {
  markedFrequencies,
  type Quantity,
  type SpectraData,
  type SpectraSeries,
  spectrumAt,
} from "./spectra-series.js";

const MARGIN = { top: 30, bottom: 40 };
const HEIGHT = 340;
/** Room at the right of the longest bar for the name of its frequency. */
const BAR_LABEL = 24;

export const STRIP_HEIGHT = HEIGHT + MARGIN.top + MARGIN.bottom;

/** Index of the evaluation nearest to an epoch; the last one without. */
export function indexAt(series: SpectraSeries, epoch: number | undefined): number {
  if (epoch === undefined) return series.epochs.length - 1;
  const found = nearest(
    series.epochs.map((at) => ({ epoch: at })),
    epoch,
  );
  return found ? series.epochs.indexOf(found.epoch) : 0;
}

/** Draws the strip, coloured by the square root of the share of each epoch's energy. */
export function stripPanel(
  data: SpectraData,
  series: SpectraSeries,
  quantity: Quantity,
  scale: EpochScale,
  colors: ColorScale,
  options: FigureOptions,
): SVGSVGElement {
  const { document, theme, width, epoch } = options;
  const { left, right } = sideMargins(width);
  const { count } = series;
  const keys = markedFrequencies(data, quantity);
  const ranked = data.run.ranked_frequencies;
  const color = (k: number) => (ranked.includes(k) ? keyColor(theme, ranked, k) : theme.ink);
  const chosen = indexAt(series, epoch);
  const bars = sharesAt(series, quantity, chosen);
  const columns = Math.max(1, Math.round(width - left - right));
  const strip = stripPixels(series, quantity, scale, columns);
  const describe = (column: number, row: number) => {
    const at = strip.indices[column];
    const k = count - row;
    const norms = spectrumAt(series, quantity, at);
    const total = norms.reduce((sum, norm) => sum + norm * norm, 0) || 1;
    return `epoch ${formatEpoch(series.epochs[at])}, k = ${k}\nnorm ${formatNumber(norms[k - 1])}\n${formatPercent(norms[k - 1] ** 2 / total)} of the energy`;
  };
  const [low, high] = scale.domain;
  return Plot.plot({
    document,
    width,
    height: STRIP_HEIGHT,
    marginTop: MARGIN.top,
    marginBottom: MARGIN.bottom,
    marginLeft: left,
    marginRight: right,
    style: { fontSize: "12px", fontFamily: "inherit", background: "none", overflow: "visible", color: theme.muted },
    x: epochAxis(scale, width, true),
    y: { type: "linear", domain: [0.5, count + 0.5], axis: null },
    marks: [
      Plot.text(["frequency k"], {
        frameAnchor: "top-left",
        lineAnchor: "bottom",
        textAnchor: "start",
        dx: -left + 2,
        dy: -9,
        fill: theme.ink,
        fontWeight: 500,
      }),
      Plot.text([width < 560 ? "spectrum" : `at epoch ${formatEpoch(series.epochs[chosen])}`], {
        frameAnchor: "top-right",
        lineAnchor: "bottom",
        textAnchor: "start",
        dx: 6,
        dy: -9,
        fill: theme.ink,
        fontWeight: 500,
      }),
      gridMark(
        { values: strip.values, width: columns, height: count, color: colors.color },
        { x: [low, high], y: [count + 0.5, 0.5] },
        { describe },
        options,
      ),
      Plot.axisY({ label: null, ticks: 6, tickSize: 3, tickFormat: String, fill: theme.muted }),
      ruleHalo(scale, options),
      epochRule(scale, options),
      (_index, { y }) => {
        const place = { start: left + columns + 6, end: width - BAR_LABEL, y: y as unknown as (k: number) => number };
        return sideBars(bars, keys, color, place, options);
      },
    ],
  }) as SVGSVGElement;
}

/** Colours of the square root of a share, up to the largest share of any epoch. */
export function stripColors(series: SpectraSeries, quantity: Quantity, theme: Theme): ColorScale {
  const largest = Math.max(...series.epochs.flatMap((_, i) => sharesAt(series, quantity, i).map((d) => d.share)));
  return sequentialColors([0, Math.sqrt(largest)], theme);
}

/** Keeps the rule at the shared epoch apart from the dark strip. */
function ruleHalo(scale: EpochScale, { epoch, theme }: FigureOptions): Plot.Markish[] {
  if (epoch === undefined || !scale.has(epoch)) return [];
  return [
    Plot.ruleX([Math.min(scale.domain[1], epoch)], { stroke: theme.background, strokeWidth: 3.5, strokeOpacity: 0.8 }),
  ];
}

/** Share of the energy of one evaluation in each frequency. */
export function sharesAt(series: SpectraSeries, quantity: Quantity, index: number) {
  const norms = spectrumAt(series, quantity, index);
  const total = norms.reduce((sum, norm) => sum + norm * norm, 0) || 1;
  return Array.from(norms, (norm, i) => ({ k: i + 1, share: (norm * norm) / total }));
}

/** Square roots of the shares, each column of pixels the evaluation nearest to its epoch. */
function stripPixels(series: SpectraSeries, quantity: Quantity, scale: EpochScale, columns: number) {
  const { count, epochs } = series;
  const [low, high] = scale.domain;
  const indices = Array.from({ length: columns }, (_, column) => {
    const share = (column + 0.5) / columns;
    return indexAt(series, scale.type === "log" ? low * (high / low) ** share : low + share * (high - low));
  });
  const byIndex = epochs.map((_, i) => sharesAt(series, quantity, i));
  const values = new Float32Array(columns * count);
  indices.forEach((index, column) => {
    for (const { k, share } of byIndex[index]) values[(count - k) * columns + column] = Math.sqrt(share);
  });
  return { values, indices };
}
