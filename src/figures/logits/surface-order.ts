/** How the surface's pairs are laid out: by which coordinates, and in which order along them. */
import type { CorrectLogitSurfaceData, Profile } from "../../derivations/logits/correct-logit-surface.js";
import type { PageChoices } from "../figure.js";

export const COORDINATES = ["sum and difference", "the two numbers"] as const;
/** Orders along the axes that are not a frequency: that of each axis' own strongest wave, and the natural one. */
export const STRONGEST = 0;
export const NATURAL = 1;

export interface SurfaceOrder {
  /** Whether the coordinates are x + y and x − y. */
  rotated: boolean;
  /** Factor of the coordinate along each axis, mod size: the wave of this frequency makes one turn. */
  factors: [number, number];
  /** Names of the coordinates along the axes. */
  names: [string, string];
  /** Index into the grid at a place on the axes: [size, size]. */
  at: Int32Array;
}

/** The order that the choices `coordinates` and `turn` ask for. An even grid has no halves, so no sums and differences. */
export function surfaceOrder(data: CorrectLogitSurfaceData, choices: PageChoices): SurfaceOrder {
  const { size: n, axes, bySum, byDifference } = data;
  const rotated = choices.coordinates !== COORDINATES[1] && n % 2 === 1;
  const energy = ({ share, frequencyShare }: Profile) => share * frequencyShare;
  const stronger = energy(bySum) > energy(byDifference) ? bySum : byDifference;
  const ordered = rotated ? [bySum, byDifference] : [stronger, stronger];
  const factors = ordered.map((profile) => orderFactor(profile, n, choices)) as [number, number];
  const [uStep, vStep] = factors.map((factor) => inverse(factor, n) ?? 1);
  const half = (n + 1) / 2;
  const at = Int32Array.from({ length: n * n }, (_, place) => {
    const [u, v] = [(Math.floor(place / n) * uStep) % n, ((place % n) * vStep) % n];
    if (!rotated) return u * n + v;
    return (((u + v) * half) % n) * n + (((u - v + n) * half) % n);
  });
  const [x, y] = axes;
  const [sum, difference] = y.startsWith("−")
    ? [`${x} ${y.replace("−", "− ")}`, `${x} + ${y.slice(1)}`]
    : [`${x} + ${y}`, `${x} − ${y}`];
  const [first, second] = rotated ? [sum, difference] : [x, y];
  return { rotated, factors, names: [scaled(factors[0], first, n), scaled(factors[1], second, n)], at };
}

/** Factor of a coordinate that the choice `turn` asks for; 1 where its frequency shares a factor with the size. */
export function orderFactor({ frequency }: Profile, n: number, { turn }: PageChoices): number {
  const asked = typeof turn === "number" && turn !== STRONGEST ? turn : frequency;
  return inverse(asked, n) === null ? 1 : asked;
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
