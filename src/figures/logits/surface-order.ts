/** How the surface's pairs are laid out: by which coordinates, and in which order along them. */
import type { CorrectLogitSurfaceData } from "../../derivations/logits/correct-logit-surface.js";
import type { PageChoices } from "../figure.js";

export const COORDINATES = ["sum and difference", "the two numbers"] as const;
/** Orders along the axes that are not a frequency: the strongest wave's, and the natural one. */
export const STRONGEST = 0;
export const NATURAL = 1;

export interface SurfaceOrder {
  /** Whether the coordinates are x + y and x − y. */
  rotated: boolean;
  /** Factor of the coordinates along the axes, mod size: the wave of this frequency makes one turn. */
  factor: number;
  /** Names of the coordinates along the axes. */
  names: [string, string];
  /** Index into the grid at a place on the axes: [size, size]. */
  at: Int32Array;
}

/** The order that the choices `coordinates` and `turn` ask for. An even grid has no halves, so no sums and differences. */
export function surfaceOrder(data: CorrectLogitSurfaceData, choices: PageChoices): SurfaceOrder {
  const { size: n, axes, byDifference } = data;
  const rotated = choices.coordinates !== COORDINATES[1] && n % 2 === 1;
  const asked = typeof choices.turn === "number" ? choices.turn : STRONGEST;
  const factor =
    inverse(asked === STRONGEST ? byDifference.frequency : asked, n) === null ? 1 : asked || byDifference.frequency;
  const step = inverse(factor, n) ?? 1;
  const half = (n + 1) / 2;
  const at = Int32Array.from({ length: n * n }, (_, place) => {
    const [u, v] = [(Math.floor(place / n) * step) % n, ((place % n) * step) % n];
    if (!rotated) return u * n + v;
    return (((u + v) * half) % n) * n + (((u - v + n) * half) % n);
  });
  const [x, y] = axes;
  const [sum, difference] = y.startsWith("−")
    ? [`${x} ${y.replace("−", "− ")}`, `${x} + ${y.slice(1)}`]
    : [`${x} + ${y}`, `${x} − ${y}`];
  const [first, second] = rotated ? [sum, difference] : [x, y];
  return { rotated, factor, names: [scaled(factor, first, n), scaled(factor, second, n)], at };
}

/** Name of a coordinate in the order of a wave. */
export function scaled(factor: number, name: string, n: number): string {
  return factor === 1 ? name : `${factor}${name.includes(" ") ? `(${name})` : ` · ${name}`} mod ${n}`;
}

/** Values along a coordinate, taken in the order of a factor. */
export function inOrder(values: ArrayLike<number>, factor: number): number[] {
  const n = values.length;
  const step = inverse(factor, n) ?? 1;
  return Array.from({ length: n }, (_, i) => values[(i * step) % n]);
}

/** The number that times `k` gives 1 mod n; null for none. */
function inverse(k: number, n: number): number | null {
  for (let i = 1; i < n; i++) if ((k * i) % n === 1) return i;
  return n === 1 ? 0 : null;
}
