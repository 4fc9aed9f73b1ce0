/** Figure 12: neurons by the frequency that explains them (Nanda et al. 2023, section 4.3). */
import * as Plot from "@observablehq/plot";
import { NEURON_FVE } from "../../analysis/key-frequencies.js";
import type { NeuronClustersData } from "../../derivations/embeddings/neuron-clusters.js";
import type { Figure, FigureOptions, PageChoices } from "../figure.js";
import { formatCount, formatList, formatPercent } from "../format.js";
import { stackPanels } from "../panels.js";
import { keyColor } from "../theme.js";
import { countAbove, fveHistogram } from "./fve-histogram.js";

const MARGIN = { left: 52, right: 12 };
const SCATTER_HEIGHT = 300;
const BARS_HEIGHT = 150;

const NARROW = 560;
const LABEL = "share of the neuron’s variance explained by its best frequency (FVE)";

const thresholdOf = ({ threshold }: PageChoices) =>
  typeof threshold === "number" && threshold > 0 && threshold < 100 ? threshold / 100 : NEURON_FVE;

const height = () => SCATTER_HEIGHT + BARS_HEIGHT;

function counts({ best, fve, frequencyCount }: NeuronClustersData, threshold: number) {
  const byFrequency = Array.from({ length: frequencyCount }, (_, i) => ({ frequency: i + 1, count: 0 }));
  let other = 0;
  fve.forEach((value, j) => {
    if (value >= threshold) byFrequency[best[j] - 1].count++;
    else other++;
  });
  return { clusters: byFrequency.filter(({ count }) => count > 0), other };
}

function draw(data: NeuronClustersData, options: FigureOptions): SVGSVGElement {
  const text = {
    ariaLabel:
      "Share of each neuron’s variance that its best frequency explains, by frequency, with the counts above the threshold",
    ariaDescription: claim(data, options),
  };
  const { width, document } = options;
  const side = width < NARROW ? 84 : 190;
  const root = document.createElementNS("http://www.w3.org/2000/svg", "svg") as SVGSVGElement;
  root.setAttribute("width", String(width));
  root.setAttribute("height", String(SCATTER_HEIGHT));
  const main = scatter(data, width - side, options);
  const margin = fveHistogram(data, thresholdOf(options), { width: side, height: SCATTER_HEIGHT }, options);
  margin.setAttribute("x", String(width - side));
  for (const panel of [main, margin]) {
    panel.setAttribute("overflow", "visible");
    root.append(panel);
  }
  return stackPanels([root, bars(data, width - side, options)], text, options);
}

/** Spreads dots of one frequency sideways, the same way at every drawing. */
const jitter = (neuron: number) => (((neuron * 0.618_034) % 1) - 0.5) * 0.8;

const xScale = ({ frequencyCount }: NeuronClustersData) => ({
  domain: [0.4, frequencyCount + 0.6] as [number, number],
});

const plotStyle = (color: string) =>
  ({ fontSize: "12px", fontFamily: "inherit", background: "none", overflow: "visible", color }) as const;

function scatter(data: NeuronClustersData, width: number, options: FigureOptions): SVGSVGElement {
  const { document, theme, interactive } = options;
  const threshold = thresholdOf(options);
  const neurons = Array.from(data.fve, (fve, neuron) => ({
    neuron,
    fve,
    frequency: data.best[neuron],
    shuffled: data.shuffled[neuron],
  })).filter(({ frequency }) => frequency > 0);
  const narrow = options.width < NARROW;
  const color = (k: number) => keyColor(theme, data.ranked, k);
  const faded = (k: number) =>
    typeof options.frequency === "number" && options.frequency > 0 && options.frequency !== k;
  return Plot.plot({
    document,
    width,
    height: SCATTER_HEIGHT,
    marginTop: 34,
    marginBottom: 14,
    marginLeft: MARGIN.left,
    marginRight: MARGIN.right,
    style: plotStyle(theme.muted),
    x: { ...xScale(data), axis: null },
    y: { domain: [0, 1], axis: null },
    marks: [
      Plot.gridY([0, 0.25, 0.5, 0.75, 1], { stroke: theme.rule, strokeOpacity: 0.7 }),
      Plot.axisY([0, 0.25, 0.5, 0.75, 1], {
        label: null,
        tickSize: 0,
        fill: theme.muted,
        tickFormat: (d: number) => formatPercent(d, 0),
      }),
      Plot.text([narrow ? "variance explained by best frequency (FVE)" : LABEL], {
        frameAnchor: "top-left",
        lineAnchor: "bottom",
        textAnchor: "start",
        dx: -MARGIN.left + 2,
        dy: -14,
        fill: theme.ink,
        fontWeight: 500,
      }),
      Plot.dot(neurons, {
        x: (d) => d.frequency + jitter(d.neuron),
        y: "fve",
        r: 2.2,
        fill: (d) => color(d.frequency),
        fillOpacity: (d) => (faded(d.frequency) ? 0.12 : 0.55),
      }),
      Plot.ruleY([threshold], { stroke: theme.ink, strokeDasharray: "4 3" }),
      Plot.text([`threshold ${formatPercent(threshold, 0)}`], {
        frameAnchor: "right",
        y: threshold,
        textAnchor: "end",
        lineAnchor: "bottom",
        dx: -4,
        dy: -4,
        fill: theme.ink,
        stroke: theme.background,
        strokeWidth: 3,
      }),
      interactive
        ? Plot.tip(
            neurons,
            Plot.pointer({
              x: (d) => d.frequency + jitter(d.neuron),
              y: "fve",
              fill: theme.background,
              stroke: theme.rule,
              title: (d) =>
                `neuron ${d.neuron}, k = ${d.frequency}\nexplained ${formatPercent(d.fve, 2)}\ntokens shuffled ${formatPercent(d.shuffled, 2)}`,
            }),
          )
        : [],
    ],
  }) as SVGSVGElement;
}

function bars(data: NeuronClustersData, width: number, options: FigureOptions): SVGSVGElement {
  const { document, theme } = options;
  const { clusters, other } = counts(data, thresholdOf(options));
  const most = Math.max(10, ...clusters.map(({ count }) => count));
  return Plot.plot({
    document,
    width,
    height: BARS_HEIGHT,
    marginTop: 34,
    marginBottom: 40,
    marginLeft: MARGIN.left,
    marginRight: MARGIN.right,
    style: plotStyle(theme.muted),
    x: {
      ...xScale(data),
      label: "frequency k",
      labelAnchor: "center",
      labelArrow: "none",
      ticks: width < 500 ? 5 : 11,
      tickSize: 4,
    },
    y: { domain: [0, 1.2 * most], axis: null },
    marks: [
      Plot.ruleY([0], { stroke: theme.rule }),
      Plot.text([`neurons above the threshold; ${formatCount(other)} other`], {
        frameAnchor: "top-left",
        lineAnchor: "bottom",
        textAnchor: "start",
        dx: -MARGIN.left + 2,
        dy: -16,
        fill: theme.ink,
        fontWeight: 500,
      }),
      Plot.rect(clusters, {
        x1: (d) => d.frequency - 0.4,
        x2: (d) => d.frequency + 0.4,
        y1: 0,
        y2: "count",
        fill: (d) => keyColor(theme, data.ranked, d.frequency),
        title: (d) => `k = ${d.frequency}: ${formatCount(d.count)} neurons`,
      }),
      Plot.text(clusters, {
        x: "frequency",
        y: "count",
        dy: -7,
        text: (d) => formatCount(d.count),
        fill: theme.ink,
        fontWeight: 600,
      }),
    ],
  }) as SVGSVGElement;
}

function claim(data: NeuronClustersData, choices: PageChoices): string {
  const threshold = thresholdOf(choices);
  const total = data.fve.length;
  const found = countAbove(data.fve, threshold);
  const percent = formatPercent(threshold, 0);
  const nullCount = countAbove(data.shuffled, threshold);
  if (found === 0) {
    const best = data.fve.reduce((max, value) => Math.max(max, value), 0);
    return `No neuron is explained to ${percent} by one frequency: the best reaches ${formatPercent(best)}`;
  }
  const { clusters } = counts(data, threshold);
  const named = [...clusters].sort((x, y) => y.count - x.count).slice(0, 6);
  const ks = formatList(named.map(({ frequency }) => frequency).sort((x, y) => x - y));
  const more = clusters.length > named.length ? ` and ${clusters.length - named.length} more` : "";
  return `${formatCount(found)} of ${formatCount(total)} neurons (${formatPercent(found / total)}) follow a single frequency, k = ${ks}${more}; with tokens shuffled, ${nullCount === 0 ? "none" : formatCount(nullCount)} would`;
}

/** Neurons by frequency. */
export const neuronClustersFigure: Figure<NeuronClustersData> = {
  id: "neuron-clusters",
  number: 12,
  name: "Neuron frequency clusters",
  height,
  gap: () => null,
  claim,
  headline(data, choices) {
    const value = countAbove(data.fve, thresholdOf(choices));
    return {
      label: `neurons with FVE of at least ${formatPercent(thresholdOf(choices), 0)}`,
      value,
      text: `${formatCount(value)} of ${formatCount(data.fve.length)}`,
    };
  },
  draw,
  rows: ({ best, fve, shuffled }) =>
    Array.from(fve, (value, neuron) => ({
      neuron,
      frequency: best[neuron],
      fve: value,
      fve_shuffled: shuffled[neuron],
    })),
  caption:
    "Each dot is a neuron: across, the frequency that explains most of its activation over all pairs; up, how much. The " +
    "histogram at the right sets all neurons beside the same neurons with the tokens shuffled (grey), which is what chance " +
    "gives. k and p − k are one frequency.",
  guidance: {
    shows:
      "Whether neurons specialize: how much of each one’s activation a polynomial of degree 2 in the cosine and sine of one " +
      "frequency explains, and how many there are for every frequency.",
    reading:
      "Dots near the top know one frequency and little else. The bars below count them. Compare the two histograms: where " +
      "they overlap, an FVE means nothing. Move the threshold to see how far the clusters depend on it.",
    normal:
      "Most neurons lie above 85 %, in as many clusters as there are key frequencies; the paper has 433 of 512 in five " +
      "clusters of 44 to 145. No shuffled neuron comes near. A few neurons of mixed or no frequency remain.",
    wrong:
      "All dots at the bottom: neurons respond to single tokens or to nothing in particular, as in random weights or " +
      "while the model only remembers. Clusters at frequencies that are not key ones: neurons that the " +
      "neuron–logit map does not read, or that are about to fade.",
  },
};
