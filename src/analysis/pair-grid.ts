/**
 * The pairs (a, b), laid out on the grid of coordinates in which the operation adds.
 *
 * a + b: the residues themselves; a − b: a and −b. a·b: discrete logarithms. a² + b² = (a + ib)(a − ib) with i² = −1: logarithms of
 * a + ib and a − ib. a³ + ab = a(a² + b): logarithms of a and a² + b. In the products, pairs with a zero factor lie
 * outside the grid.
 */
import type { Operation } from "../model/config.js";
import { AnalysisError, requireOddPrime } from "./analysis-error.js";
import { primitivePowers, rootOfMinusOne } from "./discrete-log.js";

export interface PairGrid {
  /** Coordinates run over 0 … size − 1. */
  size: number;
  /** Code a·p + b of the pair at (x, y), index x·size + y: [size²]. */
  codes: Int32Array;
  /** What the two coordinates are, for axes. */
  axes: [string, string];
}

const additive = (p: number): PairGrid => ({
  size: p,
  codes: Int32Array.from({ length: p * p }, (_, code) => code),
  axes: ["a", "b"],
});

/** The grid of a and b themselves, whatever the operation. */
export const plainGrid = additive;

/**
 * The right grid of an operation: the position of a pair's answer in the group of answers is x + y mod size.
 *
 * @throws AnalysisError for a product whose modulus is not an odd prime, and for a² + b² where −1 is not a square
 */
export function pairGrid(operation: Operation, p: number): PairGrid {
  if (operation === "add") return additive(p);
  if (operation === "subtract") {
    const codes = Int32Array.from({ length: p * p }, (_, at) => Math.floor(at / p) * p + ((p - (at % p)) % p));
    return { size: p, codes, axes: ["a", "−b"] };
  }
  requireOddPrime(p, `the right basis of ${operation}`);
  const mod = (value: number) => ((value % p) + p) % p;
  if (operation === "multiply") return multiplicative(p, (u, v) => u * p + v, ["log a", "log b"]);
  if (operation === "cubic") return multiplicative(p, (u, v) => u * p + mod(v - u * u), ["log a", "log(a² + b)"]);
  const i = rootOfMinusOne(p);
  if (i === null) {
    throw new AnalysisError(
      `modulus: ${p} is not allowed for the rotated basis of a² + b²; allowed: a prime 1 above a multiple of 4`,
    );
  }
  const half = (p + 1) / 2;
  // u = a + ib and v = a − ib give a = (u + v)/2 and b = (u − v)/2i = −i(u − v)/2.
  const rotated = (u: number, v: number) => mod((u + v) * half) * p + mod(mod((v - u) * half) * i);
  return multiplicative(p, rotated, [`log(a + ${i}b)`, `log(a − ${i}b)`]);
}

function multiplicative(p: number, code: (u: number, v: number) => number, axes: [string, string]): PairGrid {
  const powers = primitivePowers(p);
  const size = p - 1;
  const codes = Int32Array.from({ length: size * size }, (_, at) =>
    code(powers[Math.floor(at / size)], powers[at % size]),
  );
  return { size, codes, axes };
}
