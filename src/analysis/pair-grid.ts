/**
 * The pairs (a, b), laid out on a grid of coordinates in which the operation adds: the position of a pair's answer in the
 * group of answers (`characters.ts`) is x + y.
 *
 * a + b: the residues themselves; a − b: a and −b. a·b: discrete logarithms. a³ + ab = a(a² + b): logarithms of a and
 * a² + b. In the products, pairs with a zero factor lie outside the grid.
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
 * The right grid of an operation.
 *
 * @throws AnalysisError for a product whose modulus is not an odd prime, and for a² + b², which adds squares: four pairs
 *   share each place, and most places have none
 */
export function pairGrid(operation: Operation, p: number): PairGrid {
  if (operation === "add") return additive(p);
  if (operation === "subtract") {
    const codes = Int32Array.from({ length: p * p }, (_, at) => Math.floor(at / p) * p + ((p - (at % p)) % p));
    return { size: p, codes, axes: ["a", "−b"] };
  }
  if (operation === "squares") {
    throw new AnalysisError(
      "operation: squares is not allowed for a grid of pairs, for a² and b² do not give one place to each pair; " +
        "allowed: add, subtract, multiply, cubic",
    );
  }
  requireOddPrime(p, `the right basis of ${operation}`);
  if (operation === "multiply") return multiplicative(p, (u, v) => u * p + v, ["log a", "log b"]);
  return multiplicative(p, (u, v) => u * p + modulo(v - u * u, p), ["log a", "log(a² + b)"]);
}

/**
 * The rotated grid of a² + b² = (a + ib)(a − ib), i² = −1: logarithms of both factors.
 *
 * @throws AnalysisError unless the modulus is a prime of which −1 is a square
 */
export function rotatedGrid(p: number): PairGrid {
  requireOddPrime(p, "the rotated basis of a² + b²");
  const i = rootOfMinusOne(p);
  if (i === null) {
    throw new AnalysisError(
      `modulus: ${p} is not allowed for the rotated basis of a² + b²; allowed: a prime 1 above a multiple of 4`,
    );
  }
  const half = (p + 1) / 2;
  // u = a + ib and v = a − ib give a = (u + v)/2 and b = (u − v)/2i = −i(u − v)/2.
  const code = (u: number, v: number) => modulo((u + v) * half, p) * p + modulo(modulo((v - u) * half, p) * i, p);
  return multiplicative(p, code, [`log(a + ${i}b)`, `log(a − ${i}b)`]);
}

const modulo = (value: number, p: number) => ((value % p) + p) % p;

function multiplicative(p: number, code: (u: number, v: number) => number, axes: [string, string]): PairGrid {
  const powers = primitivePowers(p);
  const size = p - 1;
  const codes = Int32Array.from({ length: size * size }, (_, at) =>
    code(powers[Math.floor(at / size)], powers[at % size]),
  );
  return { size, codes, axes };
}
