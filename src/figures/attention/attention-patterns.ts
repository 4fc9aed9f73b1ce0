/** Figure 9: attention patterns, per head, over all pairs (Nanda et al. 2023, section 4.2). */
import { select } from "d3";
import type { AttentionPattern, AttentionPatternsData } from "../../derivations/attention/attention-patterns.js";
import { colorLegend, LEGEND_HEIGHT, sequentialColors } from "../color-maps.js";
import type { Figure, FigureOptions, PageChoices } from "../figure.js";
import { formatList, formatNumber, formatPercent } from "../format.js";
import { mapColumns, mapTitle } from "../map-columns.js";
import { drawPairMap, PAIR_MAP_MARGIN } from "../pair-map.js";
import { stackPanels } from "../panels.js";
import { keyColor } from "../theme.js";
import { KEY_SHARES_HEIGHT, keyShares } from "./key-shares.js";

/** Which maps are drawn: of all heads, of their mean, or of one head. @param heads how many the model has */
export const headMaps = (heads: number): string[] => [
  "each head",
  "mean of heads",
  ...Array.from({ length: heads }, (_, i) => `head ${i}`),
];

const TITLE_HEIGHT = 58;
const GAP = 14;

const isMean = (choices: PageChoices) => choices.heads === "mean of heads";
const shownPatterns = (data: AttentionPatternsData, choices: PageChoices) => {
  const one = data.heads.filter(({ head }) => choices.heads === `head ${head}`);
  return isMean(choices) ? [data.mean] : one.length ? one : data.heads;
};

const blockHeight = (side: number) => TITLE_HEIGHT + 2 * side + GAP;

const height = (width: number) => {
  const { side, rows } = mapColumns(width, 4);
  return rows * (blockHeight(side) + PAIR_MAP_MARGIN.bottom + GAP) + KEY_SHARES_HEIGHT + LEGEND_HEIGHT;
};

/** The wave fitted to a head's attention, at every pair of the grid. */
function waveOf({ constant, alpha, beta, frequency }: AttentionPattern, size: number): Float32Array {
  const wave = Float64Array.from({ length: size }, (_, x) => {
    const angle = (2 * Math.PI * ((frequency * x) % size)) / size;
    return alpha * Math.cos(angle) + beta * Math.sin(angle);
  });
  return Float32Array.from({ length: size * size }, (_, i) => constant + wave[Math.floor(i / size)] - wave[i % size]);
}

function draw(data: AttentionPatternsData, options: FigureOptions): SVGSVGElement {
  const { document, theme, width } = options;
  const patterns = shownPatterns(data, options);
  const { side, rows, columns, x } = mapColumns(width, patterns.length);
  const block = blockHeight(side) + PAIR_MAP_MARGIN.bottom + GAP;
  const used = Math.ceil(patterns.length / columns);
  const root = document.createElementNS("http://www.w3.org/2000/svg", "svg") as SVGSVGElement;
  root.setAttribute("width", String(width));
  root.setAttribute("height", String(Math.min(rows, used) * block));
  const colors = sequentialColors([0, 1], theme);
  const marked = pairOf(data, options);
  patterns.forEach((pattern, i) => {
    const left = x(i % columns);
    const top = Math.floor(i / columns) * block + TITLE_HEIGHT;
    const { head, frequency, fve, second, shuffledFve } = pattern;
    mapTitle(root, { x: left, y: top - 42 }, options, {
      name: head === null ? "mean" : `head ${head}`,
      wave: frequency ? `k = ${frequency}` : "",
      color: keyColor(theme, data.ranked, frequency),
      detail: [
        side > 212
          ? `one wave ${formatPercent(fve)} · with k = ${second.frequency}: ${formatPercent(second.fve)}`
          : `${formatPercent(fve)}, with ${side > 180 ? "k = " : ""}${second.frequency}: ${formatPercent(second.fve)}`,
        `tokens shuffled ${formatPercent(shuffledFve)}`,
      ],
    });
    const fitted = waveOf(pattern, data.size);
    const shared = { ...data, colors };
    const describe = (at: number) => `attention ${formatNumber(pattern.map[at])}\nwave ${formatNumber(fitted[at])}`;
    const text = { describe, marked, choosesPair: true, left: i % columns === 0 };
    const frame = { x: left, y: top, width: side, height: side };
    drawPairMap(root, { ...shared, values: pattern.map }, frame, { ...text, bottom: false }, options);
    const below = { ...frame, y: top + side + GAP };
    drawPairMap(root, { ...shared, values: fitted }, below, text, options);
    if (i % columns === 0) {
      nameRow(root, "measured", frame, options);
      nameRow(root, "its wave", below, options);
    }
  });
  const label = `attention from “=” to ${data.axes[0] === "a" ? "a" : "the first number"} (0 to 1)`;
  const legend = colorLegend(colors, { label, marginLeft: PAIR_MAP_MARGIN.left }, options);
  const text = {
    ariaLabel: `Attention from “=” to the first number over all pairs, ${isMean(options) ? "mean of the heads" : "a map per head"}, each above the wave that fits it best`,
    ariaDescription: claim(data, options),
  };
  return stackPanels([root, keyShares(data, patterns, options), legend], text, options);
}

function nameRow(root: SVGSVGElement, name: string, frame: { x: number; y: number }, { theme }: FigureOptions) {
  select(root)
    .append("text")
    .attr("x", frame.x + 6)
    .attr("y", frame.y + 17)
    .attr("font-size", 12)
    .attr("font-weight", 600)
    .attr("fill", theme.ink)
    .attr("stroke", theme.background)
    .attr("stroke-width", 3)
    .attr("paint-order", "stroke")
    .attr("pointer-events", "none")
    .text(name);
}

/** The pair that the page has chosen; undefined where it has none. */
const pairOf = ({ modulus }: AttentionPatternsData, { a, b }: PageChoices) =>
  typeof a === "number" && typeof b === "number" ? a * modulus + b : undefined;

function claim(data: AttentionPatternsData, choices: PageChoices): string {
  const shares = data.heads.map(({ fve }) => fve);
  const [low, high] = [Math.min(...shares), Math.max(...shares)];
  if (isMean(choices)) {
    const alone = `where the heads alone have ${formatPercent(low)} to ${formatPercent(high)}`;
    return `Averaged over heads, the best wave explains ${formatPercent(data.mean.fve)} of attention, ${alone}`;
  }
  // For a small modulus, a wave explains much of anything: what chance gives must be well below.
  const chance = Math.max(...data.heads.map(({ shuffledFve }) => shuffledFve));
  if (low >= 0.75 && low > chance + 0.2) {
    return `Each head attends along one wave of a and b, ${waves(data.heads, ({ frequency }) => frequency)}, which explains ${formatPercent(low)} to ${formatPercent(high)} of its attention; ${secondWaves(data)}`;
  }
  if (high >= 0.5 && high > chance + 0.2) {
    return `One wave explains from ${formatPercent(low)} to ${formatPercent(high)} of a head’s attention: the pattern is there, not in every head`;
  }
  return `No wave explains more than ${formatPercent(high)} of any head’s attention`;
}

/** "k = 14 or 17" */
function waves(heads: readonly AttentionPattern[], frequencyOf: (head: AttentionPattern) => number): string {
  const found = [...new Set(heads.map(frequencyOf))].sort((j, k) => j - k);
  return `k = ${formatList(found).replace(" and ", " or ")}`;
}

function secondWaves({ heads }: AttentionPatternsData): string {
  const [low, high] = [Math.min, Math.max].map((end) => formatPercent(end(...heads.map(({ second }) => second.fve))));
  return `with a second, ${waves(heads, ({ second }) => second.frequency)}, it is ${low} to ${high}`;
}

/** Attention of "=" over all pairs, per head. */
export const attentionPatterns: Figure<AttentionPatternsData> = {
  id: "attention-patterns",
  number: 9,
  name: "Attention patterns",
  height,
  gap: () => null,
  claim,
  headline(data, choices) {
    const shown = shownPatterns(data, choices);
    const value = shown.reduce((sum, { fve }) => sum + fve, 0) / shown.length;
    return {
      label: "share of attention’s variance explained by one wave, mean over heads",
      value,
      text: formatPercent(value),
    };
  },
  draw,
  rows: (data, choices) =>
    shownPatterns(data, choices).flatMap((pattern) => {
      const fitted = waveOf(pattern, data.size);
      return Array.from(data.codes, (code, at) => ({
        head: pattern.head ?? "mean",
        a: Math.floor(code / data.modulus),
        b: code % data.modulus,
        attention: pattern.map[at],
        wave: fitted[at],
        frequency: pattern.frequency,
        second_frequency: pattern.second.frequency,
      }));
    }),
  caption:
    "Each pixel is one of all pairs (a, b): bright where “=” looks at the first number, dark where it looks at the " +
    "second. Below each head, its mean, near ½, plus the best wave α(cos wa − cos wb) + β(sin wa − sin wb), w = 2πk/p. The " +
    "percentages are the share of the variance that this explains, what it explains together with the next best wave, and what the " +
    "best wave would explain if the tokens were shuffled. Below the maps, the key frequencies by what they explain of the head " +
    "that has most of each. A click chooses the pair of the next figure.",
  guidance: {
    shows:
      "How much of its attention the “=” position gives to the first number, in every head, for every input there is. " +
      "What is left goes to the second number; almost nothing to “=” itself.",
    reading:
      "Compare the upper map with the lower one: the lower knows one frequency and two numbers, α and β, and nothing else. " +
      "Count the bright bands along an edge: there are k of them. Heads of one colour share a frequency.",
    normal:
      "A trained model shows a chequered pattern in every head, each of one key frequency, with about nine tenths of " +
      "the variance explained or more; the paper reports 97.9 % to 99.1 % for the heads of its model. Where less is explained, a second " +
      "wave shares the head. How attention is measured makes little difference: to a, to a less to b, without “=”, or as " +
      "the difference of scores. Shuffled tokens leave about a tenth or less. A key frequency may be missing from all heads: " +
      "its products are then left to the ReLU.",
    wrong:
      "Flat maps: the head does not look at its input, as in random weights. Bands along one axis alone: the head " +
      "depends on one number only. A pattern that no single wave explains: two frequencies share the head, or it still " +
      "holds memorized pairs. The mean over heads is an option to show what averaging destroys: waves of opposite sign cancel.",
  },
};
