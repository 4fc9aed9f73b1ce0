/** Figure 8: the spectrum over training as a heatmap, with the spectrum at the shared epoch beside it. */
import { colorLegend, LEGEND_HEIGHT } from "../color-maps.js";
import { epochScale, markEpochAxis, sideMargins } from "../epoch-axis.js";
import { epochPanel, panelHeight } from "../epoch-panel.js";
import type { Figure, FigureOptions, PageChoices } from "../figure.js";
import { formatEpoch, formatPercent } from "../format.js";
import { stackPanels } from "../panels.js";
import { lowerSubscripts } from "../subscripts.js";
import { hoverFrame } from "./hover-frame.js";
import {
  closeUpOfSpectra,
  markedFrequencies,
  QUANTITIES,
  type Quantity,
  type SpectraData,
  shareOver,
  spectraGap,
  spectraSeries,
  spectrumAt,
} from "./spectra-series.js";
import { countOf } from "./spectrum-words.js";
import { indexAt, STRIP_HEIGHT, sharesAt, stripColors, stripPanel } from "./strip-panel.js";

const SHARE_HEIGHT = 80;
const LEGEND_GAP = 8;

const NAMES: Record<Quantity, string> = {
  logits: "the logits’ spectrum",
  W_L: "the spectrum of the neuron–logit map",
  W_E: "the embedding’s spectrum",
};

const height = () => panelHeight(SHARE_HEIGHT, true) + STRIP_HEIGHT + LEGEND_HEIGHT + LEGEND_GAP;

export const quantityOf = (choices: PageChoices): Quantity =>
  QUANTITIES.find((quantity) => quantity === choices.spectrum) ?? "W_L";

function draw(data: SpectraData, options: FigureOptions): SVGSVGElement {
  const series = spectraSeries(data.spectra);
  const quantity = quantityOf(options);
  const keys = markedFrequencies(data, quantity);
  const shares = shareOver(series, quantity, keys);
  const scale = epochScale(shares, options.scale, closeUpOfSpectra(data));
  const { theme, width } = options;
  const top = epochPanel(
    {
      scale,
      height: SHARE_HEIGHT,
      label:
        width < 560
          ? "share of the energy in key frequencies"
          : `share of the energy of ${NAMES[quantity]} in the key frequencies`,
      y: { domain: [0, 1] },
      format: (value) => formatPercent(value),
      top: true,
      under: options.interactive ? [hoverFrame()] : [],
      lines: [{ name: `${keys.length} of ${series.count}`, color: theme.accent, points: shares }],
    },
    options,
  );
  const colors = stripColors(series, quantity, theme);
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
  const stack = stackPanels([top, strip, legend], text, options, LEGEND_GAP / 2);
  return markEpochAxis(lowerSubscripts(stack, options.document), scale, options);
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
      sharesAt(series, quantity, i).map(({ k, share }) => ({
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
      "themselves: along the waves of the answer the logits favour a frequency more clearly than the weights do.",
    normal:
      "An even, faint column at the start, then a few rows that brighten one after the other while all others go dark. At " +
      "the end the key frequencies hold more than 95 % of the neuron–logit map.",
    wrong:
      "A strip that keeps its even glow: nothing was cleaned up, as without weight decay. A bright row that fades: a " +
      "frequency that lost to another. Vertical stripes in all rows at once: an unstable stretch of training.",
  },
};
