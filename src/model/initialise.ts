/**
 * Seeded initial weights: N(0, 1)/√d_model, W_U: N(0, 1)/√p, biases zero (Nanda et al. 2023, released notebook).
 *
 * Only +, −, ×, ÷ and √ are used, which IEEE 754 rounds one way, so the bits are the same in every JavaScript engine;
 * Math.log and Math.cos are not.
 */
import type { RunConfig } from "./config.js";
import { MersenneTwister } from "./mersenne-twister.js";
import { parameterLayout } from "./parameters.js";

/** Keeps the weights' stream of random numbers apart from the split's, which has the key [seed]. */
const WEIGHT_STREAM = 0x77656967;

/** Natural logarithm of x in (0, 1], by the series of atanh on x's mantissa; error below 1e-15. */
function log(x: number): number {
  let exponent = 0;
  let mantissa = x;
  while (mantissa < Math.SQRT1_2) {
    mantissa *= 2;
    exponent--;
  }
  const z = (mantissa - 1) / (mantissa + 1);
  const z2 = z * z;
  let sum = 0;
  for (let n = 21; n >= 1; n -= 2) sum = sum * z2 + 1 / n;
  return 2 * z * sum + exponent * Math.LN2;
}

/** [cos, sin] of 2πu for u in [0, 1), by Taylor series on an eighth of the circle; error below 1e-15. */
function circle(u: number): [number, number] {
  const octant = Math.floor(u * 8 + 0.5);
  const x = (u - octant / 8) * 2 * Math.PI;
  const x2 = x * x;
  let c = 1;
  let s = 1;
  for (let n = 10; n >= 1; n--) {
    c = 1 - (c * x2) / ((2 * n - 1) * (2 * n));
    s = 1 - (s * x2) / (2 * n * (2 * n + 1));
  }
  s *= x;
  const h = Math.SQRT1_2;
  const turns: [number, number][] = [
    [c, s],
    [h * (c - s), h * (c + s)],
    [-s, c],
    [-h * (c + s), h * (c - s)],
    [-c, -s],
    [-h * (c - s), -h * (c + s)],
    [s, -c],
    [h * (c + s), -h * (c - s)],
  ];
  return turns[octant % 8];
}

/** Standard normal numbers (Box & Muller 1958) from a seeded generator. */
export function normals(generator: MersenneTwister, count: number): Float64Array {
  const values = new Float64Array(count);
  for (let i = 0; i < count; i += 2) {
    const radius = Math.sqrt(-2 * log(1 - generator.uniform()));
    const [c, s] = circle(generator.uniform());
    values[i] = radius * c;
    if (i + 1 < count) values[i + 1] = radius * s;
  }
  return values;
}

/** Initial weights of a run: flat, in the order of `parameterLayout`. The same seed gives the same bits everywhere. */
export function initialParameters(config: RunConfig): Float32Array {
  const layout = parameterLayout(config);
  const generator = new MersenneTwister([config.seed, WEIGHT_STREAM]);
  const values = new Float32Array(layout.size);
  for (const { name, offset, size } of layout.tensors) {
    if (name.endsWith("b_in") || name.endsWith("b_out")) continue;
    const scale = Math.sqrt(name === "W_U" ? config.modulus : config.d_model);
    const draws = normals(generator, size);
    for (let i = 0; i < size; i++) values[offset + i] = draws[i] / scale;
  }
  return values;
}
