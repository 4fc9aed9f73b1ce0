/** Figure 17: the share of each neuron's variance in each frequency. */
import { line, select } from "d3";
import { NEURON_FVE } from "../../analysis/key-frequencies.js";
import type { NeuronSpectrumData } from "../../derivations/neurons/neuron-spectrum.js";
import { colorLegend, LEGEND_HEIGHT, sequentialColors } from "../color-maps.js";
import { countAbove } from "../embeddings/fve-histogram.js";
import type { Figure, FigureOptions } from "../figure.js";
import { formatCount, formatPercent } from "../format.js";
import { stackPanels } from "../panels.js";
import type { Frame } from "../pixel-grid.js";
import { keyColor } from "../theme.js";
import { CLUSTER_MARGIN, drawNeuronRows, ROWS_HEIGHT } from "./neuron-rows.js";

const TOP = 40;
const BOTTOM = 54;
const RIGHT = 12;
const GAP = 14;
const NARROW = 560;

const height = () => TOP + ROWS_HEIGHT + BOTTOM + LEGEND_HEIGHT;

function draw(data: NeuronSpectrumData, options: FigureOptions): SVGSVGElement {
  const { document, theme, width } = options;
  const root = document.createElementNS("http://www.w3.org/2000/svg", "svg") as SVGSVGElement;
  root.setAttribute("width", String(width));
  root.setAttribute("height", String(TOP + ROWS_HEIGHT + BOTTOM));
  const margin = width < NARROW ? 64 : 130;
  const frame = {
    x: CLUSTER_MARGIN,
    y: TOP,
    width: width - CLUSTER_MARGIN - GAP - margin - RIGHT,
    height: ROWS_HEIGHT,
  };
  const colors = sequentialColors([0, 1], theme);
  const columns = data.frequencyCount;
  const rows = {
    neurons: data.neurons,
    stretches: data.stretches,
    ranked: data.ranked,
    values: data.shares,
    columns,
    color: colors.color,
    describe: (column: number, row: number) =>
      `neuron ${data.neurons[row]}\nk = ${column + 1} explains ${formatPercent(data.shares[row * columns + column], 2)}\n` +
      `best ${formatPercent(data.fve[row])}, tokens shuffled ${formatPercent(data.shuffled[row])}`,
  };
  drawNeuronRows(root, rows, frame, options);
  frequencyAxis(root, data, frame, options);
  sharesOfRows(root, data, { x: frame.x + frame.width + GAP, y: TOP, width: margin, height: ROWS_HEIGHT }, options);
  const legend = colorLegend(
    colors,
    { label: "share of the neuron’s variance", format: (value) => formatPercent(value, 0), marginLeft: CLUSTER_MARGIN },
    options,
  );
  const text = {
    ariaLabel:
      "Share of each neuron’s variance that each frequency explains, a row per neuron, beside the share of the best",
    ariaDescription: claim(data),
  };
  return stackPanels([root, legend], text, options);
}

function frequencyAxis(
  root: SVGElement,
  { ranked, frequencyCount }: NeuronSpectrumData,
  frame: Frame,
  { theme }: FigureOptions,
) {
  const group = select(root).append("g").attr("font-size", 12).attr("text-anchor", "middle");
  const across = (k: number) => frame.x + ((k - 0.5) / frequencyCount) * frame.width;
  const base = frame.y + frame.height;
  const drawn: number[] = [];
  const tens = Array.from({ length: Math.floor(frequencyCount / 10) }, (_, i) => 10 * (i + 1));
  for (const k of [...ranked, 1, ...tens]) {
    const x = across(k);
    if (drawn.some((other) => Math.abs(other - x) < 20)) continue;
    drawn.push(x);
    const isKey = ranked.includes(k);
    const color = isKey ? keyColor(theme, ranked, k) : theme.muted;
    group
      .append("line")
      .attr("x1", x)
      .attr("x2", x)
      .attr("y1", base)
      .attr("y2", base + 5)
      .attr("stroke", color);
    group
      .append("text")
      .attr("x", x)
      .attr("y", base + 18)
      .attr("fill", color)
      .attr("font-weight", isKey ? 600 : 400)
      .text(k);
  }
  group
    .append("text")
    .attr("x", frame.x + frame.width / 2)
    .attr("y", base + 37)
    .attr("fill", theme.ink)
    .text("frequency k");
  group
    .append("text")
    .attr("x", 0)
    .attr("y", 30)
    .attr("text-anchor", "start")
    .attr("fill", theme.ink)
    .attr("font-weight", 500)
    .text("neurons, sorted by cluster");
}

/** Beside each row, the share of its best frequency, and what it would be with the tokens shuffled. */
function sharesOfRows(root: SVGElement, data: NeuronSpectrumData, frame: Frame, { theme }: FigureOptions) {
  const group = select(root).append("g").attr("font-size", 12).attr("text-anchor", "middle");
  const count = data.neurons.length;
  const x = (share: number) => frame.x + share * frame.width;
  const y = (row: number) => frame.y + ((row + 0.5) / count) * frame.height;
  const base = frame.y + frame.height;
  for (const share of [0, NEURON_FVE]) {
    group
      .append("line")
      .attr("x1", x(share))
      .attr("x2", x(share))
      .attr("y1", frame.y)
      .attr("y2", base + (share ? 4 : 0))
      .attr("stroke", share ? theme.ink : theme.rule)
      .attr("stroke-dasharray", share ? "4 3" : null);
    group
      .append("text")
      .attr("x", x(share))
      .attr("y", base + 18)
      .attr("fill", share ? theme.ink : theme.muted)
      .text(formatPercent(share, 0));
  }
  const path = line<number>(
    (share) => x(share),
    (_, row) => y(row),
  );
  group
    .append("path")
    .attr("d", path(Array.from(data.shuffled)))
    .attr("fill", "none")
    .attr("stroke", theme.other)
    .attr("stroke-width", 0.75);
  group
    .append("path")
    .attr("d", path(Array.from(data.fve)))
    .attr("fill", "none")
    .attr("stroke", theme.accent)
    .attr("stroke-width", 1);
  group
    .append("text")
    .attr("x", frame.x + frame.width / 2)
    .attr("y", base + 37)
    .attr("fill", theme.ink)
    .text(frame.width < 100 ? "FVE" : "FVE of the best k");
  const names = group
    .append("text")
    .attr("x", frame.x)
    .attr("y", frame.y - 24)
    .attr("text-anchor", "start");
  names.append("tspan").attr("fill", theme.accent).attr("font-weight", 600).text("neuron");
  group
    .append("text")
    .attr("x", frame.x)
    .attr("y", frame.y - 8)
    .attr("text-anchor", "start")
    .attr("fill", theme.muted)
    .text(frame.width < 100 ? "shuffled" : "tokens shuffled");
}

function claim(data: NeuronSpectrumData): string {
  const [total, found, byChance] = [
    data.neurons.length,
    countAbove(data.fve, NEURON_FVE),
    countAbove(data.shuffled, NEURON_FVE),
  ];
  if (found === 0) {
    const best = data.fve.reduce((max, value) => Math.max(max, value), 0);
    return `No neuron has ${formatPercent(NEURON_FVE, 0)} of its variance in one frequency; the best has ${formatPercent(best)}`;
  }
  const one = data.stretches.filter(({ frequency }) => frequency > 0).length;
  return `${formatCount(found)} of ${formatCount(total)} neurons keep ${formatPercent(NEURON_FVE, 0)} of their variance in a single frequency, one of ${formatCount(one)}; with tokens shuffled, ${byChance === 0 ? "none" : formatCount(byChance)}`;
}

/** Neurons by frequency, as a heatmap. */
export const neuronSpectrum: Figure<NeuronSpectrumData> = {
  id: "neuron-spectrum",
  number: 17,
  name: "Neuron spectrum",
  height,
  gap: () => null,
  claim,
  headline(data) {
    const value = countAbove(data.fve, NEURON_FVE);
    return {
      label: `neurons with FVE of at least ${formatPercent(NEURON_FVE, 0)}`,
      value,
      text: `${formatCount(value)} of ${formatCount(data.fve.length)}`,
    };
  },
  draw,
  rows: ({ neurons, shares, frequencyCount, fve, shuffled }) =>
    Array.from(neurons, (neuron, row) => ({
      neuron,
      fve: fve[row],
      fve_shuffled: shuffled[row],
      ...Object.fromEntries(
        Array.from({ length: frequencyCount }, (_, i) => [`k${i + 1}`, shares[row * frequencyCount + i]]),
      ),
    })),
  caption:
    "Rows are the same neurons in the same order as in the neuron–logit map. Bright: this frequency explains most of what the " +
    "neuron does. At the right, the best frequency of each row beside what chance gives when the tokens are shuffled.",
  guidance: {
    shows:
      "Whether every neuron keeps to one frequency: the share of its variance over all pairs that each frequency explains, k and p − k as one.",
    reading:
      "Each cluster should be one bright bar in the column of its frequency and dark elsewhere. Then read the curve at the right: " +
      "beyond the dashed line a neuron counts as explained; the grey curve is the same measure without order among the tokens.",
    normal:
      "As many bright bars as there are key frequencies, together most of the neurons, as the title counts them (84.6 % in the " +
      "paper’s model); below them a band of neurons with one or two fainter columns, often k and 2k: where the ReLU cuts hard, " +
      "harmonics show. Shuffled tokens stay near a twentieth.",
    wrong:
      "Dark all over: no neuron has a frequency, as in random weights. A few columns bright in every row: neurons " +
      "share frequencies instead of taking one each. If half of the bars seem to be missing, k and p − k were counted apart somewhere.",
  },
};
