/** Figure 20: the loss of every single pair, on a log scale. */
import { EXPOSURES, type Exposure, type PerSampleLossData } from "../../derivations/logits/per-sample-loss.js";
import { sequentialColors } from "../color-maps.js";
import type { Figure, FigureOptions, PageChoices } from "../figure.js";
import { formatCount, formatEpoch, formatLoss } from "../format.js";
import { drawPairMap, PAIR_MAP_MARGIN } from "../pair-map.js";
import { stackPanels } from "../panels.js";
import { blankPanel, panelTitle, placePanels } from "../placed-panels.js";
import type { Theme } from "../theme.js";
import { histogramsHeight, type LossGroup, lossHistograms } from "./loss-histograms.js";

/** Which pairs the map shows; the others are left blank. */
export const MAP_PAIRS = ["apart", "together"] as const;

/** One axis and one set of colours for all epochs, so that scrubbing shows what moves. */
const DOMAIN = [1e-9, 100] as const;
const NARROW = 640;
const TITLE = 30;
const GAP = 22;
const HISTOGRAMS_AT_MOST = 3;

function layout(width: number, together: boolean) {
  const narrow = width < NARROW;
  const columns = together ? 1 : 2;
  const room = narrow ? width : Math.round(width * (together ? 0.44 : 0.66));
  const side = Math.floor((room - PAIR_MAP_MARGIN.left - GAP * (columns - 1) - 2) / columns);
  const maps = TITLE + side + PAIR_MAP_MARGIN.bottom;
  const histograms = {
    x: narrow ? 0 : room + GAP,
    y: narrow ? maps + GAP : 0,
    width: narrow ? width : width - room - GAP,
  };
  return { narrow, columns, side, maps, histograms };
}

const FRAME = 76;

const height = (width: number) => {
  const { narrow, maps } = layout(width, false);
  const histograms = histogramsHeight(HISTOGRAMS_AT_MOST, FRAME);
  if (narrow) return layout(width, true).maps + GAP + histograms;
  return Math.max(maps, layout(width, true).maps, histograms);
};

const isTogether = (choices: PageChoices) => choices.pairs === "together";

const NAMES: Record<Exposure, (commutes: boolean) => string> = {
  train: () => "Training",
  mirrored: () => "Test, (b, a) trained on",
  unseen: (commutes) => (commutes ? "Test, (b, a) not trained on" : "Test"),
};

/** Kinds of pairs that there are, in the order of EXPOSURES. */
function groupsOf({ losses, exposures, commutes }: PerSampleLossData, theme: Theme): LossGroup[] {
  return EXPOSURES.flatMap((exposure, kind) => {
    const mine = losses.filter((_, code) => exposures[code] === kind);
    if (!mine.length) return [];
    const color = exposure === "train" ? theme.train : theme.test;
    return [{ name: NAMES[exposure](commutes), color, losses: mine, median: medianOf(mine) }];
  });
}

/** Median of some numbers; NaN for none. */
export function medianOf(values: Float32Array): number {
  const sorted = values.slice().sort();
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2;
}

const isTrain = ({ exposures }: PerSampleLossData) => Uint8Array.from(exposures, (kind) => (kind === 0 ? 1 : 0));

function draw(data: PerSampleLossData, options: FigureOptions): SVGSVGElement {
  const { theme, width } = options;
  const together = isTogether(options);
  const { narrow, side, maps, histograms } = layout(width, together);
  const colors = sequentialColors(DOMAIN, theme, { type: "log" });
  const train = isTrain(data);
  const p = data.modulus;
  const canvas = blankPanel(width, maps, options);
  const shown = together
    ? [{ name: "All pairs", color: theme.ink, values: data.losses }]
    : [
        {
          name: "Training pairs",
          color: theme.train,
          values: data.losses.map((loss, code) => (train[code] ? loss : Number.NaN)),
        },
        {
          name: "Test pairs",
          color: theme.test,
          values: data.losses.map((loss, code) => (train[code] ? Number.NaN : loss)),
        },
      ];
  const codes = Int32Array.from({ length: p * p }, (_, code) => code);
  shown.forEach(({ name, color, values }, i) => {
    const x = PAIR_MAP_MARGIN.left + i * (side + GAP);
    panelTitle(canvas, { x, y: 14 }, { name, color }, options);
    drawPairMap(
      canvas,
      { values, size: p, axes: ["a", "b"], codes, modulus: p, colors },
      { x, y: TITLE, width: side, height: side },
      {
        describe: (code) =>
          `${exposureWords(data, code)}, answer ${data.answers[code]}\nloss ${formatLoss(data.losses[code], 3)}`,
        choosesPair: true,
        marked: markedPair(data, options),
        left: i === 0,
      },
      options,
    );
  });
  const groups = groupsOf(data, theme);
  // The figure is as high as its highest arrangement; under smaller maps the histograms take what is left.
  const left = height(width) - histograms.y - histogramsHeight(HISTOGRAMS_AT_MOST, FRAME);
  const more = narrow ? Math.floor(left / groups.length) : 0;
  const frame = FRAME + more + (HISTOGRAMS_AT_MOST - groups.length) * 30;
  let y = histograms.y;
  const placed = lossHistograms({ groups, colors, width: histograms.width, frame }, options).map((panel) => {
    const place = { panel, x: histograms.x, y };
    y += Number(panel.getAttribute("height"));
    return place;
  });
  const text = {
    ariaLabel: "Maps of the loss of every training and every test pair, and histograms of these losses",
    ariaDescription: claim(data),
  };
  const panels = [{ panel: canvas, x: 0, y: 0 }, ...placed];
  return stackPanels([placePanels(panels, height(width), options)], text, options);
}

const exposureWords = ({ exposures }: PerSampleLossData, code: number) =>
  ({ train: "training pair", mirrored: "test pair, mirror image trained on", unseen: "test pair" })[
    EXPOSURES[exposures[code]]
  ];

const markedPair = ({ modulus }: PerSampleLossData, { a, b }: PageChoices) =>
  typeof a === "number" && typeof b === "number" ? a * modulus + b : undefined;

/** Medians of training and test pairs. */
function medians(data: PerSampleLossData) {
  const train = isTrain(data);
  const of = (wanted: number) => medianOf(data.losses.filter((_, code) => train[code] === wanted));
  return { train: of(1), test: of(0) };
}

function claim(data: PerSampleLossData): string {
  const { train, test } = medians(data);
  const when = `At epoch ${formatEpoch(data.epoch)}`;
  const both = `training pair has a loss of ${formatLoss(train)}, the median test pair ${formatLoss(test)}`;
  const ratio = test / train;
  if (ratio > 10) return `${when} the median ${both}: ${timesText(ratio)} as much`;
  const uniform = Math.log(data.modulus);
  if (train > uniform / 3)
    return `${when} the median ${both}: no better than the uniform guess, ${formatLoss(uniform)}`;
  return `${when} one can hardly tell which pairs were trained on: the median ${both}`;
}

const timesText = (ratio: number) =>
  ratio < 1e4 ? `${formatCount(Number(ratio.toPrecision(2)))} times` : `${formatLoss(ratio)} times`;

/** Loss of every pair. */
export const perSampleLoss: Figure<PerSampleLossData> = {
  id: "per-sample-loss",
  number: 20,
  name: "Loss of every pair",
  height,
  gap: () => null,
  claim,
  headline(data) {
    const { train, test } = medians(data);
    return {
      label: "median loss of test pairs (nats); the text has that of training pairs before it",
      value: test,
      text: `train ${formatLoss(train)}, test ${formatLoss(test)}`,
    };
  },
  draw,
  rows: ({ losses, exposures, answers, modulus: p }) =>
    Array.from(losses, (loss, code) => ({
      a: Math.floor(code / p),
      b: code % p,
      answer: answers[code],
      pair: EXPOSURES[exposures[code]],
      loss,
    })),
  caption:
    "Each pixel is one pair; dark is a small loss. Axis and colours are the same at every epoch: move the epoch in the bar " +
    "above to see the losses travel. Test pairs are parted by whether their mirror image (b, a) was trained on.",
  guidance: {
    shows: "The loss of every pair there is, of those that the model was trained on and of those that it never saw.",
    reading:
      "Compare the medians, then the shapes. A mean hides what a few bad pairs do; here each one has its pixel, and the " +
      "right end of a histogram shows the stragglers. Choose “together” to look for the training pairs by eye.",
    normal:
      "While the model memorizes, the training histogram runs to the left by seven decades and the test histogram to the " +
      "right, past the uniform guess ln p. At grokking the test pairs follow, those with a known mirror image first; at " +
      "the end the histograms lie over one another.",
    wrong:
      "Medians that stay decades apart: the pairs are memorized and nothing else. One bump at ln p for both: the weights " +
      "are random. Stripes in the map: some numbers a or b are harder than others.",
  },
};
