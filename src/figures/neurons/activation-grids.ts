/** Figure 15: activations of chosen neurons over all pairs (Nanda et al. 2023, section 4.3). */
import { select } from "d3";
import { NEURON_FVE } from "../../analysis/key-frequencies.js";
import type { ActivationGridsData } from "../../derivations/neurons/activation-grids.js";
import { colorLegend, divergingColors, LEGEND_HEIGHT, sequentialColors } from "../color-maps.js";
import type { Figure, FigureOptions } from "../figure.js";
import { formatList, formatNumber, formatPercent } from "../format.js";
import { mapColumns, mapTitle } from "../map-columns.js";
import { drawPairMap, PAIR_MAP_MARGIN } from "../pair-map.js";
import { stackPanels } from "../panels.js";
import type { Frame } from "../pixel-grid.js";
import { keyColor } from "../theme.js";

const TITLE_HEIGHT = 60;
/** The residual's colours end at this share of the neuron's largest activation. */
const RESIDUAL_REACH = 0.5;
const GAP = 12;
/** Neurons that the height is reserved for. */
const USUAL = 4;

const blockHeight = (side: number) => TITLE_HEIGHT + 3 * side + 2 * GAP + PAIR_MAP_MARGIN.bottom + 16;

const height = (width: number) => {
  const { side, rows } = mapColumns(width, USUAL);
  return rows * blockHeight(side) + 2 * LEGEND_HEIGHT;
};

function draw(data: ActivationGridsData, options: FigureOptions): SVGSVGElement {
  const { document, theme, width } = options;
  const { side, columns, rows, x } = mapColumns(width, data.neurons.length);
  const block = blockHeight(side);
  const root = document.createElementNS("http://www.w3.org/2000/svg", "svg") as SVGSVGElement;
  root.setAttribute("width", String(width));
  root.setAttribute("height", String(rows * block));
  const magnitude = sequentialColors([0, 1], theme);
  const signed = divergingColors(RESIDUAL_REACH, theme);
  data.neurons.forEach((grid, i) => {
    const frame = { x: x(i % columns), y: Math.floor(i / columns) * block + TITLE_HEIGHT, width: side, height: side };
    const largest = grid.activation.reduce((max, value) => Math.max(max, value), 0);
    mapTitle(root, { x: frame.x, y: frame.y - 42 }, options, {
      name: `neuron ${grid.neuron}`,
      wave: grid.frequency ? `k = ${grid.frequency}` : "never varies",
      color: keyColor(theme, data.ranked, grid.frequency),
      detail: [
        `${side > 180 ? "FVE " : ""}${formatPercent(grid.fve)} · shuffled ${formatPercent(grid.shuffledFve)}`,
        `largest activation ${formatNumber(largest)}`,
      ],
    });
    const residual = grid.activation.map((value, at) => value - grid.fit[at]);
    const describe = (at: number) =>
      `activation ${formatNumber(grid.activation[at])}\nfit ${formatNumber(grid.fit[at])}\nresidual ${formatNumber(residual[at])}`;
    const left = i % columns === 0;
    const relative = (values: Float32Array) => values.map((value) => (largest > 0 ? value / largest : 0));
    const maps = [
      { name: "activation", values: relative(grid.activation), colors: magnitude },
      { name: "degree-2 fit", values: relative(grid.fit), colors: magnitude },
      { name: "residual", values: relative(residual), colors: signed },
    ];
    maps.forEach(({ name, values, colors }, row) => {
      const place = { ...frame, y: frame.y + row * (side + GAP) };
      drawPairMap(root, { ...data, values, colors }, place, { describe, left, bottom: row === 2 }, options);
      if (left) nameMap(root, name, place, options);
    });
  });
  const marginLeft = PAIR_MAP_MARGIN.left;
  const legends = [
    colorLegend(magnitude, { label: "activation and fit; the neuron’s largest is 1", marginLeft }, options),
    colorLegend(signed, { label: "residual (activation less fit), in the same units", marginLeft }, options),
  ];
  const text = {
    ariaLabel: `Activation of neurons ${formatList(data.neurons.map(({ neuron }) => neuron))} over all pairs, with the best polynomial of degree 2 in one frequency and what it leaves`,
    ariaDescription: claim(data),
  };
  return stackPanels([root, ...legends], text, options);
}

function nameMap(root: SVGElement, name: string, { x, y }: Frame, { theme }: FigureOptions) {
  select(root)
    .append("text")
    .attr("x", x + 6)
    .attr("y", y + 17)
    .attr("font-size", 12)
    .attr("font-weight", 600)
    .attr("fill", theme.ink)
    .attr("stroke", theme.background)
    .attr("stroke-width", 3)
    .attr("paint-order", "stroke")
    .attr("pointer-events", "none")
    .text(name);
}

const meanFve = ({ neurons }: ActivationGridsData) => neurons.reduce((sum, { fve }) => sum + fve, 0) / neurons.length;

function claim(data: ActivationGridsData): string {
  const { neurons, chosen, medianFve } = data;
  const shares = neurons.map(({ fve }) => fve);
  const [low, high] = [Math.min(...shares), Math.max(...shares)];
  const single = neurons.length === 1;
  const which = single ? `Neuron ${neurons[0].neuron}` : chosen ? "The chosen neurons" : "Typical neurons";
  const span = single ? formatPercent(low) : `${formatPercent(low)} to ${formatPercent(high)}`;
  if (low >= NEURON_FVE) {
    const [are, done] = single ? ["is a polynomial", "it does"] : ["are polynomials", "they do"];
    return `${which} ${are} of degree 2 in one wave of a and b, which explains ${span} of what ${done}`;
  }
  if (high < 0.5) {
    return `No single wave explains these neurons: at most ${formatPercent(high)} of their variance, and ${formatPercent(medianFve)} of the median neuron’s`;
  }
  return `One wave explains ${span} of ${single ? `neuron ${neurons[0].neuron}` : which.toLowerCase()}, and ${formatPercent(medianFve)} of the median neuron`;
}

/** Activations over all pairs. */
export const activationGrids: Figure<ActivationGridsData> = {
  id: "activation-grids",
  number: 15,
  name: "Activation grids",
  height,
  gap: () => null,
  claim,
  headline(data) {
    const value = meanFve(data);
    return { label: "mean FVE of the neurons shown", value, text: formatPercent(value) };
  },
  draw,
  rows: ({ neurons, codes, modulus }) =>
    neurons.flatMap(({ neuron, frequency, activation, fit }) =>
      Array.from(codes, (code, at) => ({
        neuron,
        frequency,
        a: Math.floor(code / modulus),
        b: code % modulus,
        activation: activation[at],
        fit: fit[at],
      })),
    ),
  caption:
    "Each pixel is one of all pairs (a, b). The fit knows one frequency: the nine products of 1, cos w and sin w of a with " +
    "those of b. FVE is the share of the neuron’s variance that it explains; beside it, what the best frequency would explain " +
    "if the tokens were shuffled. Unless others are chosen, the neurons are those of median FVE in the largest clusters.",
  guidance: {
    shows:
      "What single neurons compute: their activation at “=” for every input there is, the best polynomial of degree 2 in " +
      "the cosines and sines of one frequency, and what that does not explain.",
    reading:
      "Go down a column. The pattern of the activation should come back in the fit, and the residual should be pale, though its colours " +
      "are twice as sensitive. The sharp edges of the residual are the ReLU’s.",
    normal:
      "In a trained model most neurons are a chequered pattern of one frequency, with 85 % or more explained; the clusters " +
      "of the embeddings page count them. What is left is the kink of the ReLU, at twice the frequency and above.",
    wrong:
      "Stripes along one axis: the neuron knows one number only. Fine grain without a period: it responds to single pairs, as " +
      "in a model that remembers. A residual as strong as the activation: no frequency, as in random weights. A largest activation near zero: the neuron has faded, whatever its FVE.",
  },
};
