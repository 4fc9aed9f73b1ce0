/** Figure 6: the norm of every Fourier component over training, the key frequencies among them. */
import * as Plot from "@observablehq/plot";
import { type EpochScale, epochScale, markEpochAxis } from "../epoch-axis.js";
import { epochPanel, panelHeight } from "../epoch-panel.js";
import type { Figure, FigureOptions } from "../figure.js";
import { formatEpoch, formatList, formatNumber } from "../format.js";
import { stackPanels } from "../panels.js";
import { lowerSubscripts } from "../subscripts.js";
import { keyColor } from "../theme.js";
import { outcomeOf } from "../training-dynamics/outcome.js";
import { hoverFrame } from "./hover-frame.js";
import {
  closeUpOfSpectra,
  halfWays,
  markedFrequencies,
  pointsOf,
  QUANTITIES,
  type Quantity,
  type SpectraData,
  type SpectraSeries,
  spectraGap,
  spectraSeries,
} from "./spectra-series.js";
import { countOf } from "./spectrum-words.js";

const HEIGHTS: Record<Quantity, number> = { logits: 220, W_L: 130, W_E: 130 };
const LABELS: Record<Quantity, [long: string, short: string]> = {
  logits: [
    "logits: norm along the waves of the answer, in thousands (○ half of the final norm)",
    "logits: norm, in thousands (○ half of the final)",
  ],
  W_L: ["neuron–logit map W_L, over the classes: norm", "W_L, over the classes: norm"],
  W_E: ["embedding W_E, over the tokens: norm", "W_E, over the tokens: norm"],
};
/** What a norm is divided by for the axis. */
const UNITS: Record<Quantity, number> = { logits: 1000, W_L: 1, W_E: 1 };
/** A log axis starts no lower than this share of the largest norm. */
const LOG_FLOOR = 1e-5;

const height = () =>
  panelHeight(HEIGHTS.logits, true) + panelHeight(HEIGHTS.W_L) + panelHeight(HEIGHTS.W_E, false, true);

function draw(data: SpectraData, options: FigureOptions): SVGSVGElement {
  const series = spectraSeries(data.spectra);
  const rows = series.epochs.map((epoch) => ({ epoch }));
  const scale = epochScale(rows, options.scale, closeUpOfSpectra(data));
  const panels = QUANTITIES.map((quantity) => panel(data, series, quantity, scale, options));
  const text = {
    ariaLabel: "Norms of the Fourier components of the logits, of W_L and of W_E against epoch, a line per frequency",
    ariaDescription: claim(data),
  };
  return markEpochAxis(lowerSubscripts(stackPanels(panels, text, options), options.document), scale, options);
}

function panel(
  data: SpectraData,
  series: SpectraSeries,
  quantity: Quantity,
  scale: EpochScale,
  options: FigureOptions,
): SVGSVGElement {
  const { theme, tone, width } = options;
  const keys = markedFrequencies(data, "logits");
  const ranked = data.run.ranked_frequencies;
  const color = (k: number) => (ranked.includes(k) ? keyColor(theme, ranked, k) : theme.ink);
  const log = tone === "log";
  const domain = domainOf(series.norms[quantity], log).map((norm) => norm / UNITS[quantity]) as [number, number];
  const drawn = (norm: number) => Math.max(norm / UNITS[quantity], log ? domain[0] : 0);
  const others = Array.from({ length: series.count }, (_, i) => i + 1)
    .filter((k) => !keys.includes(k))
    .flatMap((k) => pointsOf(series, quantity, k).map((point) => ({ ...point, k })))
    .filter(({ epoch }) => scale.has(epoch));
  const halves = (quantity === "logits" ? halfWays(series, quantity, keys) : []).filter(({ epoch }) =>
    scale.has(epoch),
  );
  return epochPanel(
    {
      scale,
      height: HEIGHTS[quantity],
      label: `${LABELS[quantity][width < 560 ? 1 : 0]}${log ? ", log axis" : ""}`,
      y: { type: log ? "log" : "linear", domain },
      format: (value) => formatNumber(value),
      top: quantity === QUANTITIES[0],
      lowest: quantity === QUANTITIES[QUANTITIES.length - 1],
      under: [
        options.interactive ? hoverFrame() : [],
        Plot.line(others, {
          x: "epoch",
          y: (d) => drawn(d.value),
          z: "k",
          stroke: theme.other,
          strokeWidth: 0.75,
          strokeOpacity: 0.55,
        }),
        Plot.dot(halves, {
          x: "epoch",
          y: (d) => drawn(d.final / 2),
          r: 4.5,
          stroke: (d) => color(d.frequency),
          strokeWidth: 1.75,
          fill: theme.background,
        }),
      ],
      lines: keys.map((k) => ({
        name: `k = ${k}`,
        color: color(k),
        points: pointsOf(series, quantity, k).map(({ epoch, value }) => ({ epoch, value: drawn(value) })),
      })),
    },
    options,
  );
}

function domainOf(norms: Float64Array, log: boolean): [number, number] {
  let [least, largest] = [Number.POSITIVE_INFINITY, 0];
  for (const norm of norms) {
    if (norm > 0) least = Math.min(least, norm);
    largest = Math.max(largest, norm);
  }
  if (largest === 0) return log ? [LOG_FLOOR, 1] : [0, 1];
  return log ? [Math.max(LOG_FLOOR * largest, 0.8 * least), 1.3 * largest] : [0, 1.04 * largest];
}

/** When the marked frequencies of the logits pass half of their final norm, in the order in which they do. */
const inOrder = (data: SpectraData) =>
  halfWays(spectraSeries(data.spectra), "logits", markedFrequencies(data, "logits")).sort((a, b) => a.epoch - b.epoch);

function claim(data: SpectraData): string {
  const halves = inOrder(data);
  if (!halves.length || (data.run.key_frequencies === null && outcomeOf(data.run) === "collapsed")) {
    return "No frequency becomes key in this run";
  }
  const [first, last] = [halves[0], halves[halves.length - 1]];
  const end = formatEpoch(last.epoch);
  if (data.run.key_frequencies === null) {
    const strongest = countOf(halves.length, "that ends strongest passes", "that end strongest pass").toLowerCase();
    return `No frequency wins: the ${strongest} half of their final norm by epoch ${end}, along with all the others`;
  }
  if (halves.length === 1)
    return `The key frequency k = ${last.frequency} passes half of its final norm at epoch ${end}`;
  const count = countOf(halves.length, "key frequency", "key frequencies");
  return `${count} pass half of their final norm one after another, from epoch ${formatEpoch(first.epoch)} (k = ${first.frequency}) to ${end} (k = ${last.frequency})`;
}

/** Norms of all Fourier components over training. */
export const fourierEvolution: Figure<SpectraData> = {
  id: "fourier-evolution",
  number: 6,
  name: "Fourier evolution",
  height,
  gap: spectraGap,
  claim,
  headline(data) {
    const halves = inOrder(data);
    const value = halves.length ? halves[halves.length - 1].epoch : null;
    return {
      label: "epoch at which the last key frequency of the logits passes half of its final norm",
      value,
      text:
        value === null
          ? "no key frequencies"
          : formatList(halves.map((d) => `${formatEpoch(d.epoch)} (k = ${d.frequency})`)),
    };
  },
  draw,
  rows({ spectra }) {
    return spectra.map(({ epoch, frequency, logits, W_L, W_E }) => ({ epoch, frequency, logits, W_L, W_E }));
  },
  caption:
    "One line per frequency: the key frequencies of the final model in their colours, all others in grey. Each ring marks " +
    "where a key frequency of the logits has reached half of its final norm for good. Click anywhere to move the shared epoch.",
  guidance: {
    shows:
      "How strongly every frequency is present in the logits, in the map from neurons to logits, and in the embedding, from " +
      "the first epoch to the last.",
    reading:
      "Watch the coloured lines leave the grey bundle, and when the bundle falls. Growth of the coloured lines is the " +
      "circuit being formed; the fall of the grey ones is cleanup. Put the shared epoch where test loss drops and see " +
      "which of the two is under way.",
    normal:
      "All lines rise together while the model memorizes. Then a few key frequencies grow one after the other, over " +
      "thousands of epochs, and the others decay, most of all in the weights, until only the key ones are left.",
    wrong:
      "Lines that rise together and stay together: a model that only memorizes, as the twin without weight decay does. " +
      "A key frequency that sinks again late in training was pushed out by another. A jump in all lines at once is a " +
      "spike of the training loss.",
  },
};
