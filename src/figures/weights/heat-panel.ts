/** One weight matrix as a heatmap; of waves, the rows of the key frequencies on top and taller, so that they are seen. */
import { select } from "d3";
import type { HeatMatrix, NeuronColumns } from "../../derivations/weights/matrices.js";
import type { ColorScale } from "../color-maps.js";
import type { FigureOptions } from "../figure.js";
import { formatNumber } from "../format.js";
import { type Frame, gridImage } from "../pixel-grid.js";
import { keyColor } from "../theme.js";

export interface HeatText {
  /** Values up to ± this take the colours of the scale, which goes from −1 to 1. */
  extent: number;
  colors: ColorScale;
  ranked: readonly number[];
  /** Names of the key frequencies at the left. */
  named: boolean;
  /** Clusters of neurons, as a strip above. */
  stretches?: NeuronColumns["stretches"];
  /** What the tooltip starts with. */
  prefix?: string;
  /** Choices of the page that a click makes. */
  choose?: () => Record<string, unknown>;
}

/** Height in pixels of a row of a key frequency, where there is room. */
const KEY_ROW = 7;
/** Most of the frame that they take. */
const KEY_PART = 0.45;
const GAP = 2;
const STRIP = 4;

/** Absolute value that all but one in 200 stay below: the extent of a matrix's colours. */
export function extentOf(values: Float32Array): number {
  const sizes = values.map(Math.abs).sort();
  return sizes[Math.floor(0.995 * (sizes.length - 1))] || sizes[sizes.length - 1] || 1;
}

/** Draws a matrix into a frame; names of frequencies lie at its left, the strip of clusters above it. */
export function drawHeat(root: SVGElement, matrix: HeatMatrix, frame: Frame, text: HeatText, options: FigureOptions) {
  const { rows, keyRows } = matrix;
  const front = keyRows.length;
  const keyHeight = Math.min(KEY_ROW * front, KEY_PART * frame.height);
  const rest = frame.y + (front ? keyHeight + GAP : 0);
  if (front) drawRows(root, matrix, 0, front, { ...frame, height: keyHeight }, text, options);
  if (rows > front) {
    drawRows(root, matrix, front, rows, { ...frame, y: rest, height: frame.y + frame.height - rest }, text, options);
  }
  if (front && text.named) nameKeys(root, keyRows, { ...frame, height: keyHeight }, text, options);
  if (text.stretches) drawStretches(root, text.stretches, matrix.columns, frame, text, options);
}

function drawRows(
  root: SVGElement,
  { values, columns, rowNames, axes, name }: HeatMatrix,
  from: number,
  to: number,
  frame: Frame,
  { extent, colors, prefix = "", choose }: HeatText,
  options: FigureOptions,
) {
  const shown = values.subarray(from * columns, to * columns);
  const describe = (column: number, row: number) => {
    const at = from + row;
    const rowText = rowNames ? `${rowNames[at]} (${axes[0]})` : `row ${at}${axes[0] ? ` (${axes[0]})` : ""}`;
    return `${prefix}${name}, ${rowText}\ncolumn ${column} (${axes[1]})\n${formatNumber(shown[row * columns + column])}`;
  };
  const color = (value: number) => colors.color(value / extent);
  root.append(
    gridImage({ values: shown, width: columns, height: to - from, color }, frame, { describe, choose }, options),
  );
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

function nameKeys(
  root: SVGElement,
  keyRows: readonly number[],
  frame: Frame,
  { ranked }: HeatText,
  { theme }: FigureOptions,
) {
  const each = frame.height / keyRows.length;
  for (const k of new Set(keyRows)) {
    const first = keyRows.indexOf(k);
    const last = keyRows.lastIndexOf(k);
    select(root)
      .append("text")
      .attr("x", frame.x - 6)
      .attr("y", frame.y + ((first + last + 1) / 2) * each + 4)
      .attr("text-anchor", "end")
      .attr("font-size", Math.min(12, 2 * each))
      .attr("font-weight", 700)
      .attr("fill", keyColor(theme, ranked, k))
      .text(k);
  }
}

/** Which neurons write which frequency: the colour of the key ones, grey for the others. */
function drawStretches(
  root: SVGElement,
  stretches: NeuronColumns["stretches"],
  columns: number,
  frame: Frame,
  { ranked }: HeatText,
  { theme }: FigureOptions,
) {
  for (const { frequency, from, to } of stretches) {
    select(root)
      .append("rect")
      .attr("x", frame.x + (from / columns) * frame.width)
      .attr("y", frame.y - STRIP - 2)
      .attr("width", ((to - from) / columns) * frame.width)
      .attr("height", STRIP)
      .attr("fill", keyColor(theme, ranked, frequency))
      .append("title")
      .text(`${to - from} neurons that write k = ${frequency} most`);
  }
}
