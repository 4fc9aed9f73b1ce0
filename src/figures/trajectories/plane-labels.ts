/** The words in the plane of the weights: epochs of checkpoints and names of landmarks. */
import { formatEpoch } from "../format.js";
import { type PointLabel, placeLabels } from "./place-labels.js";

/** Checkpoints whose epoch is written are at least this share of the plane apart. */
const APART = 0.12;
/** Pixels between the points of the path that words keep clear of. */
const STEP = 5;
/** Panels as narrow as this have names in two lines. */
const NARROW = 420;

interface Point {
  x: number;
  y: number;
}

export interface Plane {
  /** Domains of the axes. */
  x: readonly [number, number];
  y: readonly [number, number];
  width: number;
  height: number;
  margin: { left: number; right: number; top: number; bottom: number };
}

/** Words for the turn, the ends and the landmarks, and for checkpoints between them that have room for their epoch. */
export function planeLabels(
  spots: readonly (Point & { epoch: number })[],
  turn: number,
  landmarks: readonly (Point & { name: string })[],
  { x, y, width, height, margin }: Plane,
) {
  const pixel = (at: Point) => ({
    x: margin.left + ((at.x - x[0]) / (x[1] - x[0])) * (width - margin.left - margin.right),
    y: height - margin.bottom - ((at.y - y[0]) / (y[1] - y[0])) * (height - margin.top - margin.bottom),
  });
  const chosen = [spots[turn], spots[0], spots[spots.length - 1]];
  for (const spot of spots) {
    if (chosen.every((other) => Math.hypot(spot.x - other.x, spot.y - other.y) > APART * (x[1] - x[0])))
      chosen.push(spot);
  }
  const label = (at: Point, text: string, optional = false) => ({
    ...pixel(at),
    at,
    text,
    optional,
  });
  const epochs = chosen.map((spot, i) =>
    label(spot, i ? formatEpoch(spot.epoch) : `turn, ${formatEpoch(spot.epoch)}`, i > 2),
  );
  const names = landmarks.map((each) => label(each, width < NARROW ? inTwoLines(each.name) : each.name));
  const labels: (PointLabel & { at: Point })[] = [...epochs.slice(0, 3), ...names, ...epochs.slice(3)];
  return placeLabels(labels, [...alongPath(spots.map(pixel)), ...landmarks.map(pixel)], {
    left: margin.left - 8,
    right: width,
    top: margin.top - 10,
    bottom: height - margin.bottom + 6,
  });
}

/** Points along a path, STEP pixels apart. */
function alongPath(points: readonly Point[]): Point[] {
  return points.flatMap((point, i) => {
    const next = points[i + 1] ?? point;
    const count = Math.max(1, Math.ceil(Math.hypot(next.x - point.x, next.y - point.y) / STEP));
    return Array.from({ length: count }, (_, j) => ({
      x: point.x + ((next.x - point.x) * j) / count,
      y: point.y + ((next.y - point.y) * j) / count,
    }));
  });
}

/** "weight decay 0" → "weight\ndecay 0": a break at the space nearest to the middle. */
function inTwoLines(name: string): string {
  const spaces = [...name].flatMap((character, i) => (character === " " ? [i] : []));
  const off = (i: number) => Math.abs(i - name.length / 2);
  const at = spaces.reduce((best, i) => (off(i) < off(best) ? i : best), spaces[0] ?? -1);
  return at < 0 || name.length < 10 ? name : `${name.slice(0, at)}\n${name.slice(at + 1)}`;
}
