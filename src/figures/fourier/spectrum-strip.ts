/** Figure 8: the spectrum over training as a heatmap, with the spectrum at the shared epoch beside it. */
import * as Plot from "@observablehq/plot";
import { type ColorScale, colorLegend, LEGEND_HEIGHT, sequentialColors } from "../color-maps.js";
import {
  type EpochScale,
  epochAxis,
  epochRule,
  epochScale,
  markEpochAxis,
  nearest,
  sideMargins,
} from "../epoch-axis.js";
import { epochPanel, panelHeight } from "../epoch-panel.js";
import type { Figure, FigureOptions, PageChoices } from "../figure.js";
import { formatEpoch, formatNumber, formatPercent } from "../format.js";
import { stackPanels } from "../panels.js";
import { gridMark } from "../pixel-grid.js";
import { keyColor, type Theme } from "../theme.js";
import { sideBars } from "./side-bars.js";
import {
  markedFrequencies,
  QUANTITIES,
  type Quantity,
  type SpectraData,
  type SpectraSeries,
  shareOver,
  spectraGap,
  spectraSeries,
  spectrumAt,
} from "./spectra-series.js";
import { countOf } from "./spectrum-words.js";

const HEIGHTS = { share: 80, strip: 340 };
const MARGIN = { top: 30, bottom: 40 };
const LEGEND_GAP = 8;
/** Room at the right of the longest bar for the name of its frequency. */
const BAR_LABEL = 24;

const NAMES: Record<Quantity, string> = {
  logits: "the logits’ spectrum",
  W_L: "the spectrum of the neuron–logit map",
  W_E: "the embedding’s spectrum",
};

const height = () =>
  panelHeight(HEIGHTS.share, true) + HEIGHTS.strip + MARGIN.top + MARGIN.bottom + LEGEND_HEIGHT + LEGEND_GAP;

export const quantityOf = (choices: PageChoices): Quantity =>
  QUANTITIES.find((quantity) => quantity === choices.spectrum) ?? "W_L";

function draw(data: SpectraData, options: FigureOptions): SVGSVGElement {
  const series = spectraSeries(data.spectra);
  const quantity = quantityOf(options);
  const keys = markedFrequencies(data, quantity);
  const shares = shareOver(series, quantity, keys);
  const scale = epochScale(shares, options.scale);
  const { theme, width } = options;
  const top = epochPanel(
    {
      scale,
      height: HEIGHTS.share,
      label:
        width < 560
          ? "share of the energy in key frequencies"
          : `share of the energy of ${NAMES[quantity]} in the key frequencies`,
      y: { domain: [0, 1] },
      format: (value) => formatPercent(value),
      top: true,
      lines: [{ name: `${keys.length} of ${series.count}`, color: theme.accent, points: shares }],
    },
    options,
  );
  const colors = colorsOf(series, quantity, theme);
  const strip = stripPanel(data, series, quantity, scale, colors, options);
  const legend = colorLegend(
    colors,
    {
      label: "share of the energy at that epoch (square-root scale)",
      format: (value) => formatPercent(value * value, 0),
      marginLeft: sideMargins(width).left,
    },
    options,
  );
  const text = {
    ariaLabel: `Heatmap of ${NAMES[quantity]}: frequency against epoch, with the spectrum at the shared epoch beside it`,
    ariaDescription: claim(data, options),
  };
  return markEpochAxis(stackPanels([top, strip, legend], text, options, LEGEND_GAP / 2), scale, options);
}

/** Index of the evaluation nearest to an epoch; the last one without. */
function indexAt(series: SpectraSeries, epoch: number | undefined): number {
  if (epoch === undefined) return series.epochs.length - 1;
  const found = nearest(
    series.epochs.map((at) => ({ epoch: at })),
    epoch,
  );
  return found ? series.epochs.indexOf(found.epoch) : 0;
}

function stripPanel(
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
  const bars = barsAt(series, quantity, chosen);
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
    height: HEIGHTS.strip + MARGIN.top + MARGIN.bottom,
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
function colorsOf(series: SpectraSeries, quantity: Quantity, theme: Theme): ColorScale {
  const largest = Math.max(...series.epochs.flatMap((_, i) => barsAt(series, quantity, i).map((d) => d.share)));
  return sequentialColors([0, Math.sqrt(largest)], theme);
}

/** Keeps the rule at the shared epoch apart from the dark strip. */
function ruleHalo(scale: EpochScale, { epoch, theme }: FigureOptions): Plot.Markish[] {
  if (epoch === undefined || !scale.has(epoch)) return [];
  return [
    Plot.ruleX([Math.min(scale.domain[1], epoch)], { stroke: theme.background, strokeWidth: 3.5, strokeOpacity: 0.8 }),
  ];
}

function barsAt(series: SpectraSeries, quantity: Quantity, index: number) {
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
  const byIndex = epochs.map((_, i) => barsAt(series, quantity, i));
  const values = new Float32Array(columns * count);
  indices.forEach((index, column) => {
    for (const { k, share } of byIndex[index]) values[(count - k) * columns + column] = Math.sqrt(share);
  });
  return { values, indices };
}

function claim(data: SpectraData, choices: PageChoices): string {
  const { share, epoch, keys } = shareAt(data, choices);
  if (share === null) return "No frequency becomes key in this run";
  const isKey = data.run.key_frequencies !== null;
  const count = isKey
    ? countOf(keys.length, "key frequency holds", "key frequencies hold").toLowerCase()
    : `its ${countOf(keys.length, "strongest frequency holds", "strongest frequencies hold").toLowerCase()}`;
  return `At epoch ${formatEpoch(epoch)}, ${count} ${formatPercent(share)} of the energy of ${NAMES[quantityOf(choices)]}`;
}

function shareAt(data: SpectraData, choices: PageChoices) {
  const series = spectraSeries(data.spectra);
  const quantity = quantityOf(choices);
  const keys = markedFrequencies(data, quantity);
  const index = indexAt(series, choices.epoch);
  const share = keys.length ? shareOver(series, quantity, keys)[index].value : null;
  return { share, keys, epoch: series.epochs[index] };
}

/** The spectrum over training as a strip. */
export const spectrumStrip: Figure<SpectraData> = {
  id: "spectrum-strip",
  number: 8,
  name: "Spectrum strip",
  height,
  gap: spectraGap,
  claim,
  headline(data, choices) {
    const { share, epoch } = shareAt(data, choices);
    return {
      label: `share of the energy in the key frequencies at epoch ${formatEpoch(epoch)}`,
      value: share,
      text: share === null ? "no key frequencies" : formatPercent(share),
    };
  },
  draw,
  rows(data, choices) {
    const series = spectraSeries(data.spectra);
    const quantity = quantityOf(choices);
    return series.epochs.flatMap((epoch, i) =>
      barsAt(series, quantity, i).map(({ k, share }) => ({
        epoch,
        frequency: k,
        norm: spectrumAt(series, quantity, i)[k - 1],
        share_of_energy: share,
      })),
    );
  },
  caption:
    "Each column of the strip is the spectrum at one epoch, each row a frequency; a column adds up to 100 %. The bars at the " +
    "right are the column under the rule. Click anywhere in the chart to move it.",
  guidance: {
    shows:
      "How the energy of a spectrum is spread over the frequencies at every epoch, and above it what part the key " +
      "frequencies of the final model have.",
    reading:
      "Follow a row from left to right: a frequency lights up when the model starts to favour it. The darker the rest of a " +
      "column, the less is left beside the key frequencies. Compare the map from neurons to logits with the logits " +
      "themselves: along the waves of the answer the logits favour a frequency long before the weights do.",
    normal:
      "An even, faint column at the start, then a few rows that brighten one after the other while all others go dark. At " +
      "the end the key frequencies hold more than 95 % of the neuron–logit map.",
    wrong:
      "A strip that keeps its even glow: nothing was cleaned up, as without weight decay. A bright row that fades: a " +
      "frequency that lost to another. Vertical stripes in all rows at once: an unstable stretch of training.",
  },
};
