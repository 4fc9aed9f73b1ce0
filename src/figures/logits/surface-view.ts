/** Paints the surface with its axes, seen from some angles. */
import { select } from "d3";
import type { ColorScale } from "../color-maps.js";
import type { FigureOptions } from "../figure.js";
import { formatNumber } from "../format.js";
import { type Angles, type Point, type Projection, projection, ridges, type SceneBox } from "./surface-scene.js";

export interface Surface {
  /** [size, size], row of the first coordinate */
  values: Float32Array;
  size: number;
  names: readonly [string, string];
  /** Values at the ground and at full height. */
  heights: readonly [low: number, high: number];
  colors: ColorScale;
  /** Words on a place, and the pair that a click on it chooses. */
  describe(place: number): string;
  pairAt(place: number): { a: number; b: number };
  /** Place that is marked, −1 for none. */
  marked: number;
}

const STOPS = 12;
/** Where the name of an axis may stand, from the middle of its edge to the end. */
const SLIDE = [0, 0.2, 0.4, 0.6, 0.8, 1];

/** Replaces what `group` shows. @returns where its places are on the screen */
export function paintSurface(
  group: SVGGElement,
  surface: Surface,
  angles: Angles,
  box: SceneBox,
  options: FigureOptions,
): Projection {
  const { theme } = options;
  const { colors, size, values } = surface;
  const seen = projection(angles, box);
  group.replaceChildren();
  const root = select(group);
  // Angles and size tell drawings on one page apart.
  const name = `surface-${angles.azimuth}-${angles.elevation}-${Math.round(box.side)}`;
  const [low, high] = surface.heights;
  const heights = Float32Array.from(values, (value) => (value - low) / (high - low));
  const gradient = root
    .append("linearGradient")
    .attr("id", name)
    .attr("gradientUnits", "userSpaceOnUse")
    .attr("x1", 0)
    .attr("y1", 0)
    .attr("x2", seen.gradient.x)
    .attr("y2", seen.gradient.y);
  for (let i = 0; i <= STOPS; i++) {
    gradient
      .append("stop")
      .attr("offset", i / STOPS)
      .attr("stop-color", colors.css(low + ((high - low) * i) / STOPS));
  }
  drawGround(root, seen, options);
  const lines = root
    .append("g")
    .attr("fill", `url(#${name})`)
    .attr("stroke", theme.background)
    .attr("stroke-opacity", 0.45)
    .attr("stroke-width", 0.5)
    .attr("stroke-linejoin", "round");
  for (const { origin, outline } of ridges(heights, size, seen)) {
    lines
      .append("path")
      .attr("transform", `translate(${origin.x.toFixed(1)},${origin.y.toFixed(1)})`)
      .attr("d", outline);
  }
  drawNames(root, surface, seen, options);
  if (surface.marked >= 0) {
    const { x, y } = placeOf(surface, heights[surface.marked], surface.marked, seen);
    for (const [color, width] of [
      [theme.background, 4],
      [theme.ink, 1.75],
    ] as const) {
      root
        .append("circle")
        .attr("cx", x)
        .attr("cy", y)
        .attr("r", 5)
        .attr("fill", "none")
        .attr("stroke", color)
        .attr("stroke-width", width);
    }
  }
  return seen;
}

/** Where a place of the surface is on the screen. @param height from 0 to 1 */
export const placeOf = ({ size }: Surface, height: number, place: number, seen: Projection) =>
  seen.at(Math.floor(place / size) / (size - 1), (place % size) / (size - 1), height);

type Root = ReturnType<typeof select<SVGGElement, unknown>>;

/** Outline of the ground, and the height's edge at the left with its ends. */
function drawGround(root: Root, { at }: Projection, { theme }: FigureOptions): void {
  const corners = [at(0, 0, 0), at(1, 0, 0), at(1, 1, 0), at(0, 1, 0)];
  root
    .append("path")
    .attr("d", `M${corners.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join("L")}Z`)
    .attr("fill", theme.grid)
    .attr("stroke", theme.rule);
}

/** Names of the coordinates along the near edges, their ends, and the ends of the height at the left. */
function drawNames(
  root: Root,
  { names, size, heights }: Surface,
  { at, depth }: Projection,
  { theme, width }: FigureOptions,
): void {
  const text = root.append("g").attr("font-size", 12).attr("pointer-events", "none");
  const write = ({ x, y }: Point, words: string, anchor: string, color = theme.muted) =>
    text.append("text").attr("x", x).attr("y", y).attr("text-anchor", anchor).attr("fill", color).text(words);
  const nearV = depth(0, 1) > depth(0, 0) ? 1 : 0;
  const nearU = depth(1, 0) > depth(0, 0) ? 1 : 0;
  const edges: [string, (share: number) => Point][] = [
    [names[0], (share) => at(share, nearV, 0)],
    [names[1], (share) => at(nearU, share, 0)],
  ];
  for (const [name, edge] of edges) {
    const [start, middle, end] = [edge(0), edge(0.5), edge(1)];
    const rightward = middle.x >= at(0.5, 0.5, 0).x;
    const anchor = rightward ? "start" : "end";
    const beside = (point: Point, dx: number, dy: number) => ({ x: point.x + (rightward ? dx : -dx), y: point.y + dy });
    const wide = 6.3 * name.length;
    const fits = ({ x }: Point) => (rightward ? x + wide <= width : x >= wide);
    // Where there is no room beside the middle, the name slides down the edge, away from the surface.
    const lower = end.y > start.y ? 1 : 0;
    const places = SLIDE.map((share) => beside(edge(0.5 + share * (lower - 0.5)), 8, 24 + 16 * share));
    const label = places.find(fits) ?? places[places.length - 1];
    const x = rightward ? Math.min(label.x, width - wide) : Math.max(label.x, wide);
    write({ x, y: label.y }, name, anchor, theme.ink);
    write(beside(start, 5, 15), "0", anchor);
    write(beside(end, 5, 15), String(size - 1), anchor);
  }
  const corners: [number, number][] = [
    [0, 0],
    [1, 0],
    [1, 1],
    [0, 1],
  ];
  const [[u, v]] = corners.sort((c, d) => at(c[0], c[1], 0).x - at(d[0], d[1], 0).x);
  const [foot, top] = [at(u, v, 0), at(u, v, 1)];
  text
    .append("line")
    .attr("x1", foot.x)
    .attr("y1", foot.y)
    .attr("x2", top.x)
    .attr("y2", top.y)
    .attr("stroke", theme.muted);
  const [low, high] = heights;
  for (const share of [0, 0.5, 1]) {
    const point = at(u, v, share);
    write({ x: point.x - 6, y: point.y + 4 }, formatNumber(low + (high - low) * share, 3), "end");
  }
}
