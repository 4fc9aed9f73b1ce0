/**
 * Colours for numbers: one sequential map for magnitudes, one diverging map, symmetric about zero, for signed values,
 * and their legend. Both are perceptually even and safe for colour-blind readers; twins get the same in grey.
 */
import { interpolateRdBu, interpolateViridis, rgb } from "d3";
import type { FigureOptions } from "./figure.js";
import { formatLogTick, formatNumber } from "./format.js";
import { pixelGrid, type Rgb } from "./pixel-grid.js";
import type { Theme } from "./theme.js";

const SVG = "http://www.w3.org/2000/svg";
const STEPS = 256;

const sample = (interpolate: (share: number) => string): Rgb[] =>
  Array.from({ length: STEPS }, (_, i) => {
    const { r, g, b } = rgb(interpolate(i / (STEPS - 1)));
    return [Math.round(r), Math.round(g), Math.round(b)];
  });
const grey = (share: number) => {
  const level = Math.round(30 + 215 * share);
  return `rgb(${level},${level},${level})`;
};

const MAPS = {
  sequential: sample(interpolateViridis),
  /** Blue below zero, red above. */
  diverging: sample((share) => interpolateRdBu(1 - share)),
  grey: sample(grey),
};

/** A colour for every value of a quantity. */
export interface ColorScale {
  type: "linear" | "log";
  domain: readonly [low: number, high: number];
  /** Values beyond the domain take the colour of its end. */
  color(value: number): Rgb;
  /** The same for an attribute: "rgb(68,1,84)". */
  css(value: number): string;
}

/** Twins are drawn in grey ink (`twinTheme`), and so are their grids. */
const isGrey = (theme: Theme) => theme.key.every((color) => color === theme.muted);

/** Colours of a magnitude, dark for little, bright for much. */
export function sequentialColors(
  [low, high]: readonly [number, number],
  theme: Theme,
  { type = "linear" }: { type?: "linear" | "log" } = {},
): ColorScale {
  return scaleOf(isGrey(theme) ? MAPS.grey : MAPS.sequential, [low, high > low ? high : low + 1], type);
}

/** Colours of a signed quantity from −extent to extent; zero is white. */
export function divergingColors(extent: number, theme: Theme): ColorScale {
  const size = extent > 0 ? extent : 1;
  return scaleOf(isGrey(theme) ? MAPS.grey : MAPS.diverging, [-size, size], "linear");
}

/** Largest absolute value of some values: the extent of their diverging scale. */
export function extentOf(values: ArrayLike<number>): number {
  let extent = 0;
  for (let i = 0; i < values.length; i++) extent = Math.max(extent, Math.abs(values[i]));
  return extent;
}

function scaleOf(map: readonly Rgb[], domain: readonly [number, number], type: ColorScale["type"]): ColorScale {
  const [low, high] = domain.map((value) => (type === "log" ? Math.log(value) : value));
  const color = (value: number) => {
    const share = ((type === "log" ? Math.log(value) : value) - low) / (high - low);
    return map[Math.min(STEPS - 1, Math.max(0, Math.round(share * (STEPS - 1))))];
  };
  return { type, domain, color, css: (value) => `rgb(${color(value).join()})` };
}

export interface LegendText {
  /** Quantity and unit. */
  label: string;
  format?: (value: number) => string;
  /** Pixels, without the margins. */
  length?: number;
  /** Pixels from the left. */
  marginLeft?: number;
}

export const LEGEND_HEIGHT = 46;

/** The colours with their values and unit: a panel of the figure's width for `stackPanels`. */
export function colorLegend(
  scale: ColorScale,
  { label, format = scale.type === "log" ? formatLogTick : formatNumber, length = 220, marginLeft = 2 }: LegendText,
  { document, theme, width }: FigureOptions,
): SVGSVGElement {
  const make = (name: string, attributes: Record<string, string | number>, text?: string) => {
    const node = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, String(value));
    if (text !== undefined) node.textContent = text;
    return node;
  };
  const size = Math.min(length, width - 2 * marginLeft);
  const at = (share: number) => {
    const [low, high] = scale.domain;
    return scale.type === "log" ? low * (high / low) ** share : low + (high - low) * share;
  };
  const values = Array.from({ length: STEPS }, (_, i) => at(i / (STEPS - 1)));
  const root = make("svg", { width, height: LEGEND_HEIGHT, "font-size": 12, fill: theme.muted, class: "color-legend" });
  root.append(
    make("text", { x: marginLeft, y: 12, fill: theme.ink, "font-weight": 500 }, label),
    make("image", {
      x: marginLeft,
      y: 18,
      width: size,
      height: 10,
      preserveAspectRatio: "none",
      href: pixelGrid({ values, width: STEPS, height: 1, color: scale.color }),
    }),
  );
  for (const share of [0, 0.5, 1]) {
    const anchor = share === 0 ? "start" : share === 1 ? "end" : "middle";
    const value = scale.domain[0] === -scale.domain[1] && share === 0.5 ? 0 : at(share);
    root.append(make("text", { x: marginLeft + share * size, y: 42, "text-anchor": anchor }, format(value)));
  }
  return root as SVGSVGElement;
}
