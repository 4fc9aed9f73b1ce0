/** Figure 5: the 2-D Fourier transform of the logits (Nanda et al. 2023, section 4.2). */
import { select } from "d3";
import { rowLabel, rowsOf } from "../../analysis/fourier.js";
import type { FourierGrid } from "../../derivations/fourier/fourier-grid.js";
import { type ColorScale, colorLegend, LEGEND_HEIGHT, sequentialColors } from "../color-maps.js";
import type { Figure, FigureOptions } from "../figure.js";
import { formatList, formatNumber, formatPercent } from "../format.js";
import { stackPanels } from "../panels.js";
import { type Frame, gridImage } from "../pixel-grid.js";
import { blocksLayout, drawBlock } from "./component-blocks.js";
import { drawFrequencyAxes, GRID_MARGIN } from "./frequency-axes.js";
import { countOf, shareText } from "./spectrum-words.js";

/** How norms become colours. */
export const NORM_SCALES = ["linear", "log"] as const;

/** A log scale spans this factor below the largest norm. */
const LOG_SPAN = 1000;
const LEGEND_GAP = 14;

const layoutOf = (width: number) => {
  const wide = width >= 760;
  const side = Math.min(620, (wide ? Math.round(0.62 * width) : width) - GRID_MARGIN.left - GRID_MARGIN.right);
  const across = GRID_MARGIN.left + side + GRID_MARGIN.right;
  const tall = GRID_MARGIN.top + side + GRID_MARGIN.bottom;
  const blocks = wide
    ? blocksLayout({ x: across + 30, y: 0, width: width - across - 30 }, 2)
    : blocksLayout({ x: 0, y: tall + 22, width }, 3);
  return { side, blocks, height: Math.max(tall, blocks.bottom) };
};

const height = (width: number) => layoutOf(width).height + LEGEND_GAP + LEGEND_HEIGHT;

function draw(data: FourierGrid, options: FigureOptions): SVGSVGElement {
  const { document, width } = options;
  const { side, blocks, height: tall } = layoutOf(width);
  const root = document.createElementNS("http://www.w3.org/2000/svg", "svg") as SVGSVGElement;
  root.setAttribute("width", String(width));
  root.setAttribute("height", String(tall));
  root.setAttribute("font-size", "12");
  const frame = { x: GRID_MARGIN.left, y: GRID_MARGIN.top, width: side, height: side };
  const colors = colorsOf(data, options);
  drawGrid(root, data, colors, frame, options);
  drawFrequencyAxes(root, data, frame, options);
  data.ranked
    .filter((k) => data.keys?.includes(k))
    .concat(data.keys?.filter((k) => !data.ranked.includes(k)) ?? [])
    .slice(0, blocks.places.length)
    .forEach((k, i) => {
      drawBlock(root, data, k, colors, blocks.places[i], options);
    });
  const type = colors.type === "log" ? ", log scale" : "";
  const legend = colorLegend(
    colors,
    { label: `norm of the component over all classes${type}`, format: (value) => formatNumber(value, 2) },
    options,
  );
  const text = {
    ariaLabel:
      "Heatmap of the logits’ 2-D Fourier components, frequency of the first number against frequency of the second",
    ariaDescription: claim(data),
  };
  return stackPanels([root, legend], text, options, LEGEND_GAP);
}

/** The whole transform: first coordinate to the right, second upwards, the constant left out. */
function drawGrid(root: SVGSVGElement, data: FourierGrid, colors: ColorScale, frame: Frame, options: FigureOptions) {
  const { size: n, norms, axes, energy } = data;
  const at = (column: number, row: number) => column * n + (n - 1 - row);
  const values = Float32Array.from(norms, (_, i) => norms[at(i % n, Math.floor(i / n))]);
  values[(n - 1) * n] = Number.NaN;
  const describe = (column: number, row: number) => {
    const index = at(column, row);
    const name = `${rowLabel(column)} of ${axes[0]} × ${rowLabel(n - 1 - row)} of ${axes[1]}`;
    if (index === 0) return "the constant: left out";
    return `${name}\nnorm ${formatNumber(norms[index])}\n${formatPercent(norms[index] ** 2 / energy, 2)} of the energy`;
  };
  root.append(gridImage({ values, width: n, height: n, color: colors.color }, frame, { describe }, options));
  select(root)
    .append("rect")
    .attr("x", frame.x)
    .attr("y", frame.y)
    .attr("width", frame.width)
    .attr("height", frame.height)
    .attr("fill", "none")
    .attr("stroke", options.theme.rule)
    .attr("pointer-events", "none");
}

function colorsOf({ norms }: FourierGrid, options: FigureOptions): ColorScale {
  const largest = norms.reduce((max, norm, i) => (i === 0 ? max : Math.max(max, norm)), 0) || 1;
  return options.tone === "log"
    ? sequentialColors([largest / LOG_SPAN, largest], options.theme, { type: "log" })
    : sequentialColors([0, largest], options.theme);
}

function claim({ keys, share, isTwin }: FourierGrid): string {
  if (!keys || share === null) return "No frequency is key in this model: no block of the transform stands out";
  const blocks = `blocks of ${countOf(keys.length, "frequency", "frequencies").toLowerCase()}`;
  if (isTwin || share < 0.5) return `${shareText(share, true)} of all that varies in the logits is in the ${blocks}`;
  return `The 2 × 2 ${blocks} (k = ${formatList(keys)}) hold ${shareText(share)} of all that varies in the logits`;
}

/** Rows of the download: every component with at least this share of the energy. */
const LEAST_SHARE = 1e-6;

/** The logits' 2-D Fourier transform. */
export const fourierGrid: Figure<FourierGrid> = {
  id: "fourier-grid",
  number: 5,
  name: "2-D Fourier heatmap",
  height,
  gap: () => null,
  claim,
  headline({ share }) {
    return {
      label: "share of the logits’ energy in the 2 × 2 blocks of the key frequencies",
      value: share,
      text: share === null ? "no key frequencies" : shareText(share),
    };
  },
  draw,
  rows({ size: n, norms, energy, keys }) {
    const key = new Set((keys ?? []).flatMap((k) => rowsOf(k, n)));
    const rows = [];
    for (let i = 1; i < norms.length; i++) {
      const [u, v] = [Math.floor(i / n), i % n];
      const share = norms[i] ** 2 / energy;
      if (share < LEAST_SHARE) continue;
      const inBlock = key.has(u) && key.has(v) && Math.ceil(u / 2) === Math.ceil(v / 2);
      rows.push({
        first: rowLabel(u),
        second: rowLabel(v),
        norm: norms[i],
        share_of_energy: share,
        in_key_block: inBlock,
      });
    }
    return rows;
  },
  caption:
    "Each cell is one product of waves, cos or sin of a frequency of the first number times cos or sin of one of the " +
    "second. The small blocks enlarge the cells of each key frequency, with their shares of the energy in percent.",
  guidance: {
    shows:
      "The logits as a function of both numbers, taken apart into products of waves. The constant, which is the same for " +
      "all pairs, is left out.",
    reading:
      "A bright 2 × 2 block on the diagonal is one frequency in both numbers: cos·cos, cos·sin, sin·cos and sin·sin, from " +
      "which cos and sin of w(a + b) are built. Bright cells along the lower or left edge depend on one number alone; " +
      "cells off the diagonal mix two frequencies. Switch to the log scale to see the floor.",
    normal:
      "A handful of blocks on an almost empty grid, the four cells of each equally bright: that is what the waves of the " +
      "sum, and nothing else, look like. Faint blocks at twice a key frequency come from the kinks of the ReLU.",
    wrong:
      "Four cells of unequal brightness: the waves of a + b and a − b are mixed, as in a “pizza” model. Bright edges: the " +
      "answer leans on one number. An even glow: what is memorized has no frequency, as in the memorized twin.",
  },
};
