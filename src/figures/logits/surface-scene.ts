/**
 * A surface over a square grid in parallel projection, as ridges: one filled line per row, the farthest first, so that
 * nearer ones hide what lies behind. Within the plane of a ridge height is linear in the coordinates of the screen, so
 * one linear gradient colours them all exactly. A few hundred paths in place of twelve thousand facets.
 */

export interface Angles {
  /** Degrees of turn about the vertical. */
  azimuth: number;
  /** Degrees above the ground from which it is looked at. */
  elevation: number;
}

export interface SceneBox {
  /** Centre of the ground on the screen. */
  x: number;
  y: number;
  /** Pixels of one side of the ground. */
  side: number;
  /** Pixels of the full height, seen from the ground. */
  height: number;
}

export interface Point {
  x: number;
  y: number;
}

export interface Projection {
  /** Place on the screen of a point with u, v, t from 0 to 1: along the first and second coordinate, and height. */
  at(u: number, v: number, t: number): Point;
  /** Larger is nearer to the viewer. */
  depth(u: number, v: number): number;
  /** Whether ridges run along the first coordinate. */
  alongFirst: boolean;
  /** From height 0 to height 1 within the plane of a ridge, for the gradient, from a point of the ridge's ground. */
  gradient: Point;
}

const radians = (degrees: number) => (degrees * Math.PI) / 180;

export function projection({ azimuth, elevation }: Angles, { x, y, side, height }: SceneBox): Projection {
  const [cos, sin] = [Math.cos(radians(azimuth)), Math.sin(radians(azimuth))];
  const [rise, foreshortening] = [Math.cos(radians(elevation)), Math.sin(radians(elevation))];
  const depth = (u: number, v: number) => (u - 0.5) * sin + (v - 0.5) * cos;
  const at = (u: number, v: number, t: number) => ({
    x: x + side * ((u - 0.5) * cos - (v - 0.5) * sin),
    y: y + side * depth(u, v) * foreshortening - height * rise * t,
  });
  const alongFirst = Math.abs(cos) >= Math.abs(sin);
  // Within a ridge, moving right by dx moves its ground down by slope·dx, so t = (slope·dx − dy) / (height·rise).
  const slope = (alongFirst ? sin / cos : -cos / sin) * foreshortening;
  const scale = (height * rise) / (slope * slope + 1);
  return { at, depth, alongFirst, gradient: { x: slope * scale, y: -scale } };
}

export interface Ridge {
  /** Where the ridge's own coordinates begin: its middle on the ground. */
  origin: Point;
  /** Its line and the area under it, down to the ground, in its own coordinates. */
  outline: string;
}

/**
 * The ridges of a surface, the farthest first.
 *
 * @param heights from 0 to 1: [size, size], row of the first coordinate
 */
export function ridges(heights: ArrayLike<number>, size: number, { at, depth, alongFirst }: Projection): Ridge[] {
  const share = (i: number) => i / (size - 1);
  const uv = (along: number, across: number): [number, number] => (alongFirst ? [along, across] : [across, along]);
  const order = Array.from({ length: size }, (_, row) => row);
  order.sort((i, j) => depth(...uv(0.5, share(i))) - depth(...uv(0.5, share(j))));
  return order.map((row) => {
    const origin = at(...uv(0.5, share(row)), 0);
    const place = (along: number, t: number) => {
      const { x, y } = at(...uv(along, share(row)), t);
      return `${round(x - origin.x)},${round(y - origin.y)}`;
    };
    const points: string[] = [];
    for (let i = 0; i < size; i++) {
      points.push(place(share(i), heights[alongFirst ? i * size + row : row * size + i]));
    }
    return { origin, outline: `M${points.join("L")}L${place(1, 0)}L${place(0, 0)}Z` };
  });
}

const round = (value: number) => Math.round(value * 10) / 10;
