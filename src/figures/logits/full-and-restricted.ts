/** Figure 18: the right answer's logit over all pairs, in full and restricted (Nanda et al. 2023, section 4.4). */
import type { FullAndRestrictedData } from "../../derivations/logits/full-and-restricted.js";
import type { SplitLoss } from "../../derivations/logits/pair-losses.js";
import { colorLegend, divergingColors, extentOf, LEGEND_HEIGHT, sequentialColors } from "../color-maps.js";
import type { Figure, FigureOptions } from "../figure.js";
import { formatCount, formatLoss, formatNumber } from "../format.js";
import { drawPairMap, PAIR_MAP_MARGIN } from "../pair-map.js";
import { stackPanels } from "../panels.js";
import { blankPanel, panelTitle, placePanels } from "../placed-panels.js";
import { maskShares, maskSharesHeight, shareText } from "./mask-shares.js";
import { PAIR_LOGITS_HEIGHT, pairLogits } from "./pair-logits.js";

const NARROW = 640;
const GAP = 22;
const TITLE = 44;
const SPACE = 26;

/** Three maps in a row where there is room; else two and one, with the bars beside it. */
function layout(width: number) {
  const columns = width < NARROW ? 2 : 3;
  const side = Math.floor((width - PAIR_MAP_MARGIN.left - GAP * (columns - 1) - 2) / columns);
  const block = TITLE + side + PAIR_MAP_MARGIN.bottom + 10 + LEGEND_HEIGHT;
  const x = (column: number) => PAIR_MAP_MARGIN.left + column * (side + GAP);
  const lower = columns === 3 ? Math.max(maskSharesHeight, PAIR_LOGITS_HEIGHT) : PAIR_LOGITS_HEIGHT;
  const maps = columns === 3 ? block : block + Math.max(block, TITLE + maskSharesHeight) + SPACE;
  return { columns, side, block, x, maps, height: maps + SPACE + lower };
}

const height = (width: number) => layout(width).height;

function draw(data: FullAndRestrictedData, options: FigureOptions): SVGSVGElement {
  const { theme, width } = options;
  const { columns, side, block, x, maps, height } = layout(width);
  const difference = data.full.map((value, i) => value - data.kept[i]);
  const logits = sequentialColors(rangeOf(data.full, data.kept), theme);
  const signed = divergingColors(extentOf(difference), theme);
  const three = [
    { values: data.full, colors: logits, name: "Full model", detail: lossText(data.loss.full) },
    { values: data.kept, colors: logits, name: keptName(data, columns < 3), detail: lossText(data.loss.kept) },
    { values: difference, colors: signed, name: "Difference", detail: "full − kept" },
  ];
  const canvas = blankPanel(width, maps, options);
  const placed = [{ panel: canvas, x: 0, y: 0 }];
  three.forEach(({ values, colors, name, detail }, i) => {
    const [column, row] = [i % columns, Math.floor(i / columns)];
    const top = row * (block + SPACE);
    panelTitle(canvas, { x: x(column), y: top + 13 }, { name, detail }, options);
    drawPairMap(
      canvas,
      { ...data, values, colors },
      { x: x(column), y: top + TITLE, width: side, height: side },
      {
        describe: (at) =>
          `full ${formatNumber(data.full[at], 4)}, kept ${formatNumber(data.kept[at], 4)}\ndifference ${formatNumber(difference[at], 3)}`,
        marked: data.pair.a * data.modulus + data.pair.b,
        choosesPair: true,
        left: column === 0,
      },
      options,
    );
    if (i === 1) return;
    const label =
      i > 0
        ? "difference (nats)"
        : side > 220
          ? "logit of the right answer, above its mean (nats)"
          : "above its mean (nats)";
    const legend = colorLegend(
      colors,
      { label, length: Math.min(220, side), format: formatTick, marginLeft: 2 },
      options,
    );
    placed.push({ panel: legend, x: x(column), y: top + TITLE + side + PAIR_MAP_MARGIN.bottom + 10 });
  });
  const y = maps + SPACE;
  const barsWidth = columns === 3 ? side : width - x(1);
  const bars = maskShares(data.shares, data.mask, data.axes, barsWidth, options);
  placed.push(columns === 3 ? { panel: bars, x: x(2), y } : { panel: bars, x: x(1), y: block + SPACE });
  const pairWidth = columns === 3 ? x(1) + side : width;
  placed.push({
    panel: pairLogits(data, `the ${chosenShare(data).components} ${data.mask} kept`, pairWidth, options),
    x: 0,
    y,
  });
  const text = {
    ariaLabel:
      "Maps over all pairs of the right answer’s logit: full, kept by the mask, and their difference; the share of the variance that each mask keeps; the logits of one pair",
    ariaDescription: claim(data),
  };
  return stackPanels([placePanels(placed, height, options)], text, options);
}

const formatTick = (value: number) => formatNumber(Math.abs(value) < 1e-9 ? 0 : value, 2);
const lossText = ({ test }: SplitLoss) => `test loss ${formatLoss(test)}`;
const keptName = (data: FullAndRestrictedData, short = false) =>
  short
    ? `Kept: ${chosenShare(data).components} ${data.mask}`
    : `${data.mask === "directions" ? "Restricted" : "Kept"}: ${chosenShare(data).components} ${data.mask}`;

function rangeOf(...maps: Float32Array[]): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const map of maps) {
    for (const value of map) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  return [low, high];
}

const chosenShare = ({ shares, mask }: FullAndRestrictedData) => shares.find((d) => d.mask === mask) ?? shares[0];

function claim(data: FullAndRestrictedData): string {
  const { components, r2 } = chosenShare(data);
  const { full, kept } = data.loss;
  const whose = data.isTwin ? " of its own strongest waves" : "";
  const left = data.without ? `, k = ${data.without} left out,` : "";
  const what = `${formatCount(components)} of ${formatCount(data.size ** 2)} components${whose}${left}`;
  const [ours, whole] = [formatLoss(kept.test), formatLoss(full.test)];
  const side = ours === whole ? "like" : kept.test < full.test ? "below" : "above";
  const loss = `${ours}, ${side} the full model’s ${ours === whole ? "" : whole}`.trimEnd();
  return `${what} hold ${r2 < 0.5 ? `${r2 < 0.001 ? "" : "only "}${shareText(r2)}` : shareText(r2)} of what varies in the logits, and alone they reach a test loss of ${loss}`;
}

/** Full and restricted logits. */
export const fullAndRestricted: Figure<FullAndRestrictedData> = {
  id: "full-and-restricted",
  number: 18,
  name: "Full and restricted logits",
  height,
  gap: () => null,
  claim,
  headline(data) {
    const { r2 } = chosenShare(data);
    return { label: "R² of the kept logits over all pairs and answers", value: r2, text: shareText(r2) };
  },
  draw,
  rows: (data) =>
    Array.from(data.codes, (code, at) => ({
      a: Math.floor(code / data.modulus),
      b: code % data.modulus,
      mask: data.mask,
      full: data.full[at],
      kept: data.kept[at],
      difference: data.full[at] - data.kept[at],
    })),
  caption:
    "Each pixel is the logit of the right answer for one pair (a, b), less that answer’s mean over all pairs. The masks keep, of the logits of every answer, their " +
    "mean over all pairs and the waves of the key frequencies of the final model: of a + b alone (directions), also of " +
    "a − b (blocks), also of a and of b (terms). A click chooses the pair below.",
  guidance: {
    shows:
      "How much of what the model says is the circuit. The left map is the model; the second is rebuilt from a few waves, " +
      "two per key frequency; the third is what that leaves. Below, all answers of one pair: the waves meet at the right one.",
    reading:
      "R² is taken over all pairs and all answers, about each answer’s mean. In the restricted map every line of equal " +
      "a + b has one colour, since its waves depend on the sum alone. Whatever depends on a − b moves into the difference. " +
      "Leave one frequency out to see what it was worth.",
    normal:
      "After grokking ten or so directions hold about 95 % or more, and the restricted loss is below the full one: what is left " +
      "out does not help, though it has structure, waves along a − b among others, as the next figure shows. " +
      "Blocks and terms add little. The paper: 2.41 × 10⁻⁷ in full, 7.24 × 10⁻⁸ with 40 components.",
    wrong:
      "A small R²: the logits vary in other directions, as in a model that memorizes or that is random. A restricted loss " +
      "far above the full one: a frequency is missing from the mask. With terms, a large gain over directions: the " +
      "logits still depend on a or b alone.",
  },
};
