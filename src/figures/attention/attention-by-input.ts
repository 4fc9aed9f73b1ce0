/** Figure 10: the attention of one input pair in every head, and how it changes when one number does. */
import * as Plot from "@observablehq/plot";
import type { AttentionByInputData, HeadOnInput } from "../../derivations/attention/attention-by-input.js";
import { POSITIONS } from "../../model/forward.js";
import { colorLegend, LEGEND_HEIGHT, sequentialColors } from "../color-maps.js";
import type { Figure, FigureOptions } from "../figure.js";
import { formatNumber, formatPercent } from "../format.js";
import { mapColumns, mapTitle } from "../map-columns.js";
import { PAIR_MAP_MARGIN } from "../pair-map.js";
import { stackPanels } from "../panels.js";
import { keyColor } from "../theme.js";
import { drawCells } from "./head-cells.js";

const TITLE_HEIGHT = 42;
/** Names of the positions under the square of cells. */
const NAMES_HEIGHT = 34;
const SLICE_HEIGHT = 110;
const SLICE_MARGIN = { top: 24, bottom: 36 };
const GAP = 14;

const blockHeight = (side: number) =>
  TITLE_HEIGHT + side + NAMES_HEIGHT + SLICE_MARGIN.top + SLICE_HEIGHT + SLICE_MARGIN.bottom + GAP;
const cellsSide = (side: number) => Math.min(side, 168);

const height = (width: number) => {
  const { side, rows } = mapColumns(width, 4);
  return rows * blockHeight(cellsSide(side)) + LEGEND_HEIGHT;
};

function draw(data: AttentionByInputData, options: FigureOptions): SVGSVGElement {
  const { document, theme, width } = options;
  const { side, columns, x } = mapColumns(width, data.heads.length);
  const square = cellsSide(side);
  const block = blockHeight(square);
  const root = document.createElementNS("http://www.w3.org/2000/svg", "svg") as SVGSVGElement;
  root.setAttribute("width", String(width));
  root.setAttribute("height", String(Math.ceil(data.heads.length / columns) * block));
  const colors = sequentialColors([0, 1], theme);
  data.heads.forEach((head, i) => {
    const left = x(i % columns);
    const top = Math.floor(i / columns) * block + TITLE_HEIGHT;
    mapTitle(root, { x: left, y: top - 26 }, options, {
      name: `head ${head.head}`,
      wave: head.frequency && head.fve >= 0.5 ? `k = ${head.frequency}` : "",
      color: keyColor(theme, data.ranked, head.frequency),
      detail: `${side > 200 ? "mean " : ""}|A(a) − A(b)|${side > 235 ? " over all pairs" : ""}: ${formatNumber(head.gap, 2)}`,
    });
    drawCells(root, head, data, { x: left, y: top, width: square, height: square }, i % columns === 0, colors, options);
    const slice = drawSlice(
      head,
      data,
      side + (i % columns === 0 ? PAIR_MAP_MARGIN.left : 12),
      i % columns === 0,
      options,
    );
    slice.setAttribute("x", String(left - (i % columns === 0 ? PAIR_MAP_MARGIN.left : 12)));
    slice.setAttribute("y", String(top + square + NAMES_HEIGHT));
    slice.setAttribute("overflow", "visible");
    root.append(slice);
  });
  const legend = colorLegend(
    colors,
    { label: "attention (each row sums to 1)", marginLeft: PAIR_MAP_MARGIN.left },
    options,
  );
  const text = {
    ariaLabel: `Attention between the three positions of the input ${data.a}, ${data.b}, “=” in each head, and attention to the first number as it changes`,
    ariaDescription: claim(data),
  };
  return stackPanels([root, legend], text, options);
}

/** Attention of "=" to the first number while it runs through all residues and the other stays. */
function drawSlice(
  head: HeadOnInput,
  data: AttentionByInputData,
  width: number,
  named: boolean,
  { document, theme, interactive }: FigureOptions,
): SVGSVGElement {
  const points = Array.from(head.slice, (attention, x) => ({ x, attention }));
  const here = points.filter(({ x }) => x === data.place[0]);
  const color = head.fve >= 0.5 ? keyColor(theme, data.ranked, head.frequency) : theme.other;
  return Plot.plot({
    document,
    width,
    height: SLICE_MARGIN.top + SLICE_HEIGHT + SLICE_MARGIN.bottom,
    marginTop: SLICE_MARGIN.top,
    marginBottom: SLICE_MARGIN.bottom,
    marginLeft: named ? PAIR_MAP_MARGIN.left : 12,
    marginRight: 4,
    style: { fontSize: "12px", fontFamily: "inherit", background: "none", overflow: "visible", color: theme.muted },
    x: {
      domain: [0, points.length - 1],
      label: data.axes[0],
      labelAnchor: "center",
      labelArrow: "none",
      ticks: width < 220 ? 3 : 5,
      tickSize: 4,
    },
    y: { domain: [0, 1], axis: null },
    marks: [
      Plot.gridY([0, 0.5, 1], { stroke: theme.rule, strokeOpacity: 0.8 }),
      named ? Plot.axisY([0, 0.5, 1], { label: null, tickSize: 0, fill: theme.muted }) : [],
      Plot.text([`“=” to ${data.axes[0]}, with ${data.axes[1]} = ${data.place[1]}`], {
        frameAnchor: "top-left",
        lineAnchor: "bottom",
        dy: -7,
        fill: theme.ink,
        fontWeight: 500,
      }),
      Plot.line(points, { x: "x", y: "attention", stroke: color, strokeWidth: 1.25, strokeLinejoin: "round" }),
      Plot.ruleX(here, { x: "x", stroke: theme.ink, strokeOpacity: 0.5 }),
      Plot.dot(here, { x: "x", y: "attention", r: 4, fill: color, stroke: theme.background, strokeWidth: 1.5 }),
      interactive
        ? Plot.tip(
            points,
            Plot.pointerX({
              x: "x",
              y: "attention",
              fill: theme.background,
              stroke: theme.rule,
              title: (d: { x: number; attention: number }) => {
                const code = data.line[d.x];
                const pair = `a = ${Math.floor(code / data.modulus)}, b = ${code % data.modulus}`;
                return `${pair}\nattention to the first number ${formatNumber(d.attention, 4)}`;
              },
            }),
          )
        : [],
    ],
  }) as SVGSVGElement;
}

const meanGap = ({ heads }: AttentionByInputData) => heads.reduce((sum, { gap }) => sum + gap, 0) / heads.length;

function claim(data: AttentionByInputData): string {
  const { a, b, heads } = data;
  const gap = meanGap(data);
  if (gap < 0.05) {
    return `Given ${a} and ${b}, or any pair, “=” looks at both numbers alike: attention to them differs by ${formatNumber(gap, 1)} on average`;
  }
  const toFirst = heads.map(({ matrix }) => formatPercent(matrix[2 * POSITIONS], 0));
  const strongest = Math.max(...heads.map(({ matrix }) => Math.abs(matrix[6] - matrix[7])));
  const here =
    strongest > 0.05 ? `heads give ${listed(toFirst)} of their attention to ${a}` : "all heads look at both alike";
  return `Given ${a} and ${b}, ${here}; over all pairs, attention to the two numbers differs by ${formatNumber(gap, 2)} on average`;
}

const listed = (texts: readonly string[]) =>
  `${texts.slice(0, -1).join(", ")}${texts.length > 1 ? " and " : ""}${texts.at(-1)}`;

/** Attention of one input. */
export const attentionByInput: Figure<AttentionByInputData> = {
  id: "attention-by-input",
  number: 10,
  name: "Attention by input",
  height,
  gap: () => null,
  claim,
  headline(data) {
    const value = meanGap(data);
    return {
      label: "mean |attention to a − attention to b| over all pairs and heads",
      value,
      text: formatNumber(value, 2),
    };
  },
  draw,
  rows: ({ heads, a, b }) =>
    heads.flatMap(({ head, matrix, gap }) =>
      Array.from(matrix, (attention, i) => ({
        a,
        b,
        head,
        from: ["a", "b", "="][Math.floor(i / POSITIONS)],
        to: ["a", "b", "="][i % POSITIONS],
        attention,
        mean_gap: gap,
      })),
    ),
  caption:
    "Rows look, columns are looked at; only the last row reaches the answer. Below each head, what “=” gives to the " +
    "first number while it runs through all residues and the second stays: the dot is the chosen pair.",
  guidance: {
    shows:
      "The whole attention of one input, position by position, and how the part that matters, from “=” to the two " +
      "numbers, changes with the first of them.",
    reading:
      "Read the last row: it sums to one and says which number each head takes. Then follow the curve below: a head that " +
      "adds on a circle rises and falls k times over the residues. Choose another pair, or click in the maps above.",
    normal:
      "In a trained model the last row is seldom even: on average the two numbers get shares that differ by a half, and " +
      "heads disagree about which to take. “=” gives itself next to nothing.",
    wrong:
      "Thirds everywhere and flat curves: the weights are random, or this head is not used. A curve without a period: " +
      "the head knows single tokens, not a wave, as in a model that has only memorized.",
  },
};
