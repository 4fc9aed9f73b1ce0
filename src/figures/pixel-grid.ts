/**
 * Dense grids as an SVG `<image>` whose pixels are the cells: small, crisp, and drawn without a canvas, so that it works
 * under a server-side document too.
 */
import type { RenderFunction } from "@observablehq/plot";
import { encode } from "fast-png";
import type { FigureOptions } from "./figure.js";
import { type GridReading, readGrid } from "./grid-reading.js";

const SVG = "http://www.w3.org/2000/svg";

/** Red, green and blue, 0–255. */
export type Rgb = readonly [red: number, green: number, blue: number];

export interface PixelGrid {
  /** Row-major, first row on top: [height, width]. Not finite: transparent. */
  values: ArrayLike<number>;
  /** Cells per row. */
  width: number;
  height: number;
  color: (value: number) => Rgb;
}

/** A grid as a PNG in a data URI, one pixel per cell. @throws RangeError unless there are width · height values */
export function pixelGrid({ values, width, height, color }: PixelGrid): string {
  if (values.length !== width * height) {
    throw new RangeError(`pixel grid: ${values.length} values for ${width} × ${height} cells`);
  }
  const data = new Uint8Array(4 * values.length);
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) continue;
    const [red, green, blue] = color(values[i]);
    data[4 * i] = red;
    data[4 * i + 1] = green;
    data[4 * i + 2] = blue;
    data[4 * i + 3] = 255;
  }
  return `data:image/png;base64,${base64(encode({ width, height, data, channels: 4, depth: 8 }))}`;
}

function base64(bytes: Uint8Array): string {
  let binary = "";
  for (let i = 0; i < bytes.length; i += 8192) binary += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return btoa(binary);
}

/** Where a grid lies in a Plot, in data units: its outer edges, half a cell beyond the centres of the outer cells. */
export interface GridPlace {
  /** Left of the first column, and right of the last. */
  x: readonly [number, number];
  /** Above the first row, and below the last. */
  y: readonly [number, number];
}

/** A grid as a mark of a Plot whose x and y scales are continuous. */
export function gridMark(
  grid: PixelGrid,
  place: GridPlace,
  reading: GridReading,
  options: FigureOptions,
): RenderFunction {
  return (_index, { x, y }) => {
    const [left, right] = place.x.map((value) => x?.(value) as number);
    const [top, bottom] = place.y.map((value) => y?.(value) as number);
    return gridImage(grid, { x: left, y: top, width: right - left, height: bottom - top }, reading, options);
  };
}

/** A place in pixels. */
export interface Frame {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** A grid as an SVG group: the image and, where the figure is interactive, what the pointer reads. */
export function gridImage(
  grid: PixelGrid,
  frame: Frame,
  reading: GridReading,
  { document, interactive, theme }: FigureOptions,
): SVGGElement {
  const group = document.createElementNS(SVG, "g");
  const image = document.createElementNS(SVG, "image");
  const attributes = { ...frame, href: pixelGrid(grid), preserveAspectRatio: "none", "image-rendering": "pixelated" };
  for (const [name, value] of Object.entries(attributes)) image.setAttribute(name, String(value));
  image.setAttribute("style", "image-rendering: pixelated");
  group.append(image);
  if (interactive && (reading.describe || reading.choose)) readGrid(group, image, grid, frame, reading, theme);
  return group;
}
