/** Figure 19: the right answer's logit as a surface that can be turned and re-indexed. */
import type { CorrectLogitSurfaceData } from "../../derivations/logits/correct-logit-surface.js";
import { colorLegend, LEGEND_HEIGHT, sequentialColors } from "../color-maps.js";
import type { Figure, FigureOptions, PageChoices } from "../figure.js";
import { formatNumber } from "../format.js";
import { stackPanels } from "../panels.js";
import { blankPanel, placePanels } from "../placed-panels.js";
import { CLOCK_OR_PIZZA_HEIGHT, clockOrPizza } from "./clock-or-pizza.js";
import { surfaceOrder } from "./surface-order.js";
import { formatShare, profilePanel } from "./surface-profile.js";
import { drawSurface, ELEVATIONS } from "./surface-turning.js";

const NARROW = 700;
const GAP = 28;

export const AZIMUTH = 30;
export const ELEVATION = 38;

/** The surface with the profiles beside it where there is room, else under it. */
function layout(width: number) {
  const beside = width >= NARROW;
  const surface = beside ? Math.round(width * 0.62) : width;
  const profiles = beside ? width - surface - GAP : width;
  const tall = Math.round(Math.min(520, surface * (beside ? 0.74 : 0.82)));
  const profile = beside ? 232 : 184;
  const under = 2 * profile + GAP;
  const left = tall + LEGEND_HEIGHT;
  const measures = beside ? left : left + GAP + under;
  const total = Math.max(measures + CLOCK_OR_PIZZA_HEIGHT, under + 30);
  return { beside, surface, profiles, profile, tall, measures, height: total };
}

const numberOr = (value: unknown, fallback: number) => (typeof value === "number" ? value : fallback);

const LEGEND_LABEL = "logit of the right answer (nats), lowest and highest 1 % beyond the ends";

function draw(data: CorrectLogitSurfaceData, options: FigureOptions): SVGSVGElement {
  const { theme, width } = options;
  const { beside, surface, profiles, profile, tall, measures, height } = layout(width);
  const order = surfaceOrder(data, options);
  const values = Float32Array.from(order.at, (index) => data.values[index]);
  const pairAt = (place: number) => {
    const code = data.codes[order.at[place]];
    return { a: Math.floor(code / data.modulus), b: code % data.modulus };
  };
  const colors = sequentialColors(middleOf(values), theme);
  const canvas = blankPanel(surface, tall, options);
  // Room for the longest diagonal of the ground, and for names and numbers beside it.
  const side = Math.min((surface - 96) / Math.SQRT2, (tall - 50) / (0.62 * Math.SQRT2 + 0.36));
  drawSurface(
    canvas,
    {
      values,
      size: data.size,
      names: order.names,
      heights: rangeOf(values),
      colors,
      pairAt,
      describe(place) {
        const { a, b } = pairAt(place);
        return `a = ${a}, b = ${b}: ${formatNumber(values[place], 4)}`;
      },
      marked: markedPlace(data, order.at, options),
    },
    {
      azimuth: numberOr(options.azimuth, AZIMUTH),
      elevation: Math.min(ELEVATIONS[1], Math.max(ELEVATIONS[0], numberOr(options.elevation, ELEVATION))),
    },
    { x: surface / 2 + 14, y: 0.46 * side + 0.5 * (tall - 40) * 0.42 + 60, side, height: 0.46 * side },
    options,
  );
  const legend = colorLegend(
    colors,
    { label: surface < 440 ? "logit of the right answer (nats)" : LEGEND_LABEL, marginLeft: 8 },
    { ...options, width: surface },
  );
  const named = { sum: name(data, "+"), difference: name(data, "−") };
  const domain = jointDomain(data.bySum.means, data.byDifference.means);
  const shared = { data, domain, width: profiles, height: profile, options };
  const left = beside ? surface + GAP : 0;
  const top = beside ? 8 : tall + LEGEND_HEIGHT + GAP;
  const placed = [
    { panel: canvas, x: 0, y: 0 },
    { panel: legend, x: 0, y: tall + 4 },
    { panel: clockOrPizza(data, { ...options, width: surface }), x: 0, y: measures },
    { panel: profilePanel(data.byDifference, named.difference, shared), x: left, y: top },
    { panel: profilePanel(data.bySum, named.sum, shared), x: left, y: top + profile + GAP },
  ];
  const text = {
    ariaLabel: `Surface of the right answer’s logit over ${order.names[0]} and ${order.names[1]}, with its means at equal ${named.difference} and at equal ${named.sum}`,
    ariaDescription: claim(data),
  };
  return stackPanels([placePanels(placed, height, options)], text, options);
}

/** Name of the sum or the difference of the coordinates. */
function name({ axes: [x, y] }: CorrectLogitSurfaceData, sign: "+" | "−"): string {
  const opposite = sign === "+" ? "−" : "+";
  return y.startsWith("−") ? `${x} ${opposite} ${y.slice(1)}` : `${x} ${sign} ${y}`;
}

const markedPlace = ({ codes, modulus }: CorrectLogitSurfaceData, at: Int32Array, { a, b }: PageChoices) =>
  typeof a === "number" && typeof b === "number" ? at.findIndex((index) => codes[index] === a * modulus + b) : -1;

function rangeOf(values: ArrayLike<number>): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < values.length; i++) {
    low = Math.min(low, values[i]);
    high = Math.max(high, values[i]);
  }
  return [low, high];
}

/** All but the lowest and highest hundredth: colours are not spent on single spikes. */
function middleOf(values: Float32Array): [number, number] {
  const sorted = values.slice().sort();
  return [sorted[Math.floor(0.01 * sorted.length)], sorted[Math.floor(0.99 * sorted.length)]];
}

function jointDomain(...profiles: Float64Array[]): [number, number] {
  const [lows, highs] = [profiles.map((values) => rangeOf(values)[0]), profiles.map((values) => rangeOf(values)[1])];
  return [Math.min(...lows), Math.max(...highs)];
}

function claim(data: CorrectLogitSurfaceData): string {
  const { byDifference, bySum, mean, deviation } = data;
  const [difference, share] = [name(data, "−"), formatShare(byDifference.share)];
  const level = `The right answer’s logit is ${formatNumber(mean, Math.abs(mean) < 1 ? 2 : 3)} ± ${formatNumber(deviation, 2)} nats`;
  if (byDifference.share < 0.06) return `${level}, and only ${share} of its variance depends on ${difference} alone`;
  const other = `on ${name(data, "+")} alone ${formatShare(bySum.share)}`;
  return `${level}: ${share} of its variance depends on ${difference} alone, ${other}`;
}

/** The correct-class logit over all pairs. */
export const correctLogitSurface: Figure<CorrectLogitSurfaceData> = {
  id: "correct-logit-surface",
  number: 19,
  name: "The right answer’s logit as a surface",
  height: (width) => layout(width).height,
  gap: () => null,
  claim,
  headline({ byDifference }) {
    return {
      label: "variance of the mean at equal a − b, as a share of the surface’s",
      value: byDifference.share,
      text: formatShare(byDifference.share),
    };
  },
  draw,
  rows: ({ codes, modulus: p, values }) =>
    Array.from(codes, (code, at) => ({ a: Math.floor(code / p), b: code % p, logit: values[at] })),
  caption:
    "Height and colour are the logit of the right answer. Drag to turn it. Along each axis the numbers are ordered by the " +
    "strongest wave in the mean over the other, which then makes one turn; the natural order and the plain coordinates a " +
    "and b are at choice. Beside it, on one scale, the mean of the surface over pairs of equal difference and of equal sum, " +
    "each in its own order. Clock and pizza are the trained reference models of Zhong et al.",
  guidance: {
    shows:
      "How sure the model is of the right answer, for every pair. A perfect clock, whose logits are cos w(a + b − c), is " +
      "equally sure of all: a flat table. What is not flat tells how the addition is really done.",
    reading:
      "Look along a − b first: waves there mean that certainty depends on how far the two numbers are apart, as in a " +
      "“pizza”, whose logits carry a factor |cos(w(a − b)/2)|. The variance of the mean, over that of the surface, is the " +
      "number in the title; noise alone would give one in p. Distance irrelevance is small where all depends on a − b, " +
      "gradient symmetricity 1 where the logits see E_a + E_b only.",
    normal:
      "After grokking the surface is a few nats of ripple on a high table, and much of its variance is waves along a − b, " +
      "of frequencies that belong to the key ones.",
    wrong:
      "A field of spikes without direction: the logits depend on the single pair, as when pairs are memorized. Waves along " +
      "a + b alone: some answers are favoured whatever the input, as at random weights, where the logit hangs on c alone.",
  },
};
