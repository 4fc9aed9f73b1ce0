/** Draws the surface so that a pointer can turn it, read it and choose a pair. */
import { select } from "d3";
import type { FigureOptions } from "../figure.js";
import { CHOOSE } from "../grid-reading.js";
import type { Angles, Point, Projection, SceneBox } from "./surface-scene.js";
import { paintSurface, placeOf, type Surface } from "./surface-view.js";

export const ELEVATIONS = [10, 65] as const;
/** Degrees per pixel of a drag. */
const DRAG = 0.4;

/** Draws into `parent`; where the figure is interactive, a drag turns the surface and then chooses its angles. */
export function drawSurface(
  parent: SVGSVGElement,
  surface: Surface,
  angles: Angles,
  box: SceneBox,
  options: FigureOptions,
): void {
  const group = select(parent).append("g").node() as SVGGElement;
  const paint = (at: Angles) => paintSurface(group, surface, at, box, options);
  let shown = paint(angles);
  if (!options.interactive) return;
  parent.style.cursor = "grab";
  parent.style.touchAction = "pan-y";
  let current = angles;
  let from: { x: number; y: number; angles: Angles } | null = null;
  let frame = 0;
  const choose = (detail: Record<string, number>) =>
    parent.dispatchEvent(new CustomEvent(CHOOSE, { bubbles: true, detail }));
  parent.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    from = { x: event.clientX, y: event.clientY, angles: current };
    parent.setPointerCapture(event.pointerId);
  });
  parent.addEventListener("pointermove", (event) => {
    if (!from) {
      readNearest(group, surface, shown, pointIn(parent, event), options);
      return;
    }
    const azimuth = (from.angles.azimuth - (event.clientX - from.x) * DRAG + 720) % 360;
    const elevation = Math.min(
      ELEVATIONS[1],
      Math.max(ELEVATIONS[0], from.angles.elevation + (event.clientY - from.y) * DRAG),
    );
    current = { azimuth: Math.round(azimuth) % 360, elevation: Math.round(elevation) };
    // One repaint per frame at most: what was asked last is drawn, the rest is dropped.
    if (frame !== 0) return;
    frame = requestAnimationFrame(() => {
      frame = 0;
      shown = paint(current);
    });
  });
  const end = (event: PointerEvent) => {
    if (!from) return;
    const moved = Math.hypot(event.clientX - from.x, event.clientY - from.y);
    from = null;
    if (moved >= 4) choose({ ...current });
    else {
      const place = nearestPlace(surface, shown, pointIn(parent, event));
      if (place >= 0) choose(surface.pairAt(place));
    }
  };
  parent.addEventListener("pointerup", end);
  parent.addEventListener("pointercancel", end);
  parent.addEventListener("pointerleave", () => group.querySelector(".surface-reading")?.remove());
}

function pointIn(svg: SVGSVGElement, { clientX, clientY }: PointerEvent): Point {
  const matrix = svg.getScreenCTM()?.inverse();
  const { x, y } = new DOMPoint(clientX, clientY).matrixTransform(matrix);
  return { x, y };
}

/** The place whose point on the surface is nearest to a point of the screen; −1 where none is near. */
function nearestPlace(surface: Surface, seen: Projection, { x, y }: Point): number {
  const [low, high] = surface.heights;
  let best = -1;
  let nearest = 12 ** 2;
  surface.values.forEach((value, place) => {
    const point = placeOf(surface, (value - low) / (high - low), place, seen);
    const distance = (point.x - x) ** 2 + (point.y - y) ** 2;
    if (distance < nearest) {
      nearest = distance;
      best = place;
    }
  });
  return best;
}

function readNearest(
  group: SVGGElement,
  surface: Surface,
  seen: Projection,
  point: Point,
  { theme, width }: FigureOptions,
): void {
  group.querySelector(".surface-reading")?.remove();
  const place = nearestPlace(surface, seen, point);
  if (place < 0) return;
  const [low, high] = surface.heights;
  const { x, y } = placeOf(surface, (surface.values[place] - low) / (high - low), place, seen);
  const reading = select(group)
    .append("g")
    .attr("class", "surface-reading")
    .attr("font-size", 12)
    .attr("pointer-events", "none");
  reading
    .append("circle")
    .attr("cx", x)
    .attr("cy", y)
    .attr("r", 4)
    .attr("fill", theme.background)
    .attr("stroke", theme.ink)
    .attr("stroke-width", 1.5);
  reading
    .append("text")
    .attr("x", x + (x > width / 2 ? -9 : 9))
    .attr("y", y - 9)
    .attr("text-anchor", x > width / 2 ? "end" : "start")
    .attr("fill", theme.ink)
    .attr("stroke", theme.background)
    .attr("stroke-width", 4)
    .attr("paint-order", "stroke")
    .attr("font-weight", 500)
    .text(surface.describe(place));
}
