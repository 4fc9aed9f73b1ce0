/** Figure 16: the neuron–logit map W_L, neurons sorted by cluster (Nanda et al. 2023, section 4.2). */
import { select } from "d3";
import type { NeuronLogitMapData } from "../../derivations/neurons/neuron-logit-map.js";
import { colorLegend, divergingColors, extentOf, LEGEND_HEIGHT } from "../color-maps.js";
import type { Figure, FigureOptions } from "../figure.js";
import { formatCount, formatList, formatNumber, formatPercent } from "../format.js";
import { stackPanels } from "../panels.js";
import type { Frame } from "../pixel-grid.js";
import { lowerSubscripts } from "../subscripts.js";
import { keyColor } from "../theme.js";
import { CLUSTER_MARGIN, drawNeuronRows, ROWS_HEIGHT } from "./neuron-rows.js";
import { SINGULAR_VALUES_HEIGHT, singularValues } from "./singular-values.js";

const TOP = 22;
const BOTTOM = 54;
const RIGHT = 12;

const height = () => TOP + ROWS_HEIGHT + BOTTOM + LEGEND_HEIGHT + SINGULAR_VALUES_HEIGHT;

function draw(data: NeuronLogitMapData, options: FigureOptions): SVGSVGElement {
  const { document, theme, width } = options;
  const root = document.createElementNS("http://www.w3.org/2000/svg", "svg") as SVGSVGElement;
  root.setAttribute("width", String(width));
  root.setAttribute("height", String(TOP + ROWS_HEIGHT + BOTTOM));
  const frame = { x: CLUSTER_MARGIN, y: TOP, width: width - CLUSTER_MARGIN - RIGHT, height: ROWS_HEIGHT };
  const colors = divergingColors(extentOf(data.map), theme);
  const columns = data.columns.length;
  const rows = {
    neurons: data.neurons,
    stretches: data.stretches,
    ranked: data.ranked,
    values: data.map,
    columns,
    color: colors.color,
    describe: (column: number, row: number) =>
      `neuron ${data.neurons[row]}, ${data.classAxis === "raw" ? `answer ${data.columns[column]}` : data.columns[column]}\n` +
      `W_L ${formatNumber(data.map[row * columns + column])}\n` +
      `k = ${data.best[row]} explains ${formatPercent(data.fve[row])}`,
  };
  drawNeuronRows(root, rows, frame, options);
  drawClassAxis(root, data, frame, options);
  const wave = data.classAxis === "raw" || width < 560 ? "" : "coefficient of the wave, ";
  const label = `W_L: ${wave}logit per unit of activation`;
  const legend = colorLegend(colors, { label, marginLeft: width < 560 ? 2 : CLUSTER_MARGIN }, options);
  const text = {
    ariaLabel: `The neuron–logit map: ${formatCount(data.neurons.length)} neurons by ${data.classAxis === "raw" ? "answer" : "Fourier component of the answers"}, above its singular values`,
    ariaDescription: claim(data),
  };
  return lowerSubscripts(stackPanels([root, legend, singularValues(data, options)], text, options), document);
}

/** Answers, or frequencies, with the key ones in their colours. */
function drawClassAxis(root: SVGElement, data: NeuronLogitMapData, frame: Frame, { theme }: FigureOptions) {
  const group = select(root).append("g").attr("font-size", 12).attr("text-anchor", "middle");
  const count = data.columns.length;
  const across = (edge: number) => frame.x + (edge / count) * frame.width;
  const base = frame.y + frame.height;
  const tick = (x: number, text: string, color: string, weight = 400) => {
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
      .attr("font-weight", weight)
      .text(text);
  };
  const raw = data.classAxis === "raw";
  const keys = raw ? [] : [...data.ranked].sort((j, k) => j - k);
  // Columns 2k − 1 and 2k are cos_k and sin_k: their common edge is at 2k.
  const place = (k: number) => across(Math.min(2 * k, count - 0.5));
  const drawn: number[] = [];
  for (const k of [
    ...keys,
    ...Array.from({ length: Math.floor(count / (raw ? 1 : 2)) }, (_, i) => i + (raw ? 0 : 1)),
  ]) {
    const x = raw ? across(k + 0.5) : place(k);
    const isKey = keys.includes(k);
    if ((!isKey && k % (raw ? 20 : 10) !== 0) || drawn.some((other) => Math.abs(other - x) < 20)) continue;
    drawn.push(x);
    const residue = raw ? data.columns[k] : String(k);
    tick(x, residue, isKey ? keyColor(theme, data.ranked, k) : theme.muted, isKey ? 600 : 400);
  }
  group
    .append("text")
    .attr("x", frame.x + frame.width / 2)
    .attr("y", base + 37)
    .attr("fill", theme.ink)
    .text(
      raw
        ? "answer c"
        : frame.width < 420
          ? "frequency k, cos and sin side by side"
          : "frequency k of the wave over the answers, cos and sin side by side",
    );
  group
    .append("text")
    .attr("x", 0)
    .attr("y", 12)
    .attr("text-anchor", "start")
    .attr("fill", theme.ink)
    .attr("font-weight", 500)
    .text("neurons, sorted by cluster");
}

function claim({ rank, residual, residualFrequencies, singularValues: values }: NeuronLogitMapData): string {
  const waves = formatList(residualFrequencies);
  const outside = `${formatPercent(residual ** 2, residual < 0.3 ? 2 : 1)} of its squares`;
  if (residual < 0.3) {
    return `The map from neurons to logits has rank ${formatCount(rank)}: waves at k = ${waves} hold all but ${outside}, ${formatPercent(residual, 2)} of its norm`;
  }
  return `The map from neurons to logits needs ${formatCount(rank)} of ${formatCount(values.length)} directions, and ${outside} lie outside its ${formatCount(residualFrequencies.length)} strongest frequencies`;
}

/** W_L by neuron and answer. */
export const neuronLogitMapFigure: Figure<NeuronLogitMapData> = {
  id: "neuron-logit-map",
  number: 16,
  name: "Neuron–logit map",
  height,
  gap: () => null,
  claim,
  headline: ({ rank, residual }) => ({
    label: "singular values that hold 99.5 % of the neuron–logit map, and the part of it outside the key waves",
    value: rank,
    text: `rank ${formatCount(rank)}, residual ${formatPercent(residual, 2)} of the norm, ${formatPercent(residual ** 2, 2)} of the squares`,
  }),
  draw,
  rows: ({ neurons, best, fve, columns, map, classAxis }) =>
    Array.from(neurons, (neuron, row) => ({
      neuron,
      frequency: best[row],
      fve: fve[row],
      ...Object.fromEntries(
        columns.map((name, c) => [classAxis === "raw" ? `answer ${name}` : name, map[row * columns.length + c]]),
      ),
    })),
  caption:
    "A row is a neuron, by its cluster and, within it, by phase; a column is a wave over the answers, or with the raw axis " +
    "an answer. Red adds to the logit, blue takes from it. Below, the singular values: how many directions the whole map " +
    "uses. A click on a row shows that neuron in the grids above.",
  guidance: {
    shows:
      "How every neuron speaks to every answer: W_L is the product of the MLP’s output weights and the unembedding.",
    reading:
      "With the Fourier axis, look for blocks: the neurons of a cluster should use the two columns of their own frequency " +
      "and no others. With the raw axis, each cluster is a field of slanted stripes, k of them across. The rank counts how " +
      "many columns it takes in all: two per key frequency, if nothing else is there.",
    normal:
      "A handful of bright pairs of columns on white, one per key frequency, a rank of about twice their number, and a residual of a " +
      "few per cent of the norm or less; in squares, as variance is counted, that is a few in a thousand. The paper has rank 10 and less than " +
      "0.55 % of the norm, so its model leaves less beside its waves than ours. Neurons that follow no frequency are pale.",
    wrong:
      "Grain all over and a rank near the number of answers: no waves, as in random weights. Blocks with grain between " +
      "them: circuits have formed, memory has not been cleaned up. A cluster whose columns are white: the logits do not use it.",
  },
};
