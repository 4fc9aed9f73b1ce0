/** The five operations on residues. Each result is in 0..p−1, never negative. */
import type { Operation } from "./config.js";

const formulas: Record<Operation, (a: number, b: number) => number> = {
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  squares: (a, b) => a * a + b * b,
  cubic: (a, b) => a * a * a + a * b,
};

/** The label of (a, b): the operation's result mod p. */
export function apply(operation: Operation, a: number, b: number, modulus: number): number {
  const value = formulas[operation](a, b) % modulus;
  return value < 0 ? value + modulus : value;
}

/** Whether f(a, b) = f(b, a) for all pairs: then a test pair can have its mirror image in the training set. */
export function isCommutative(operation: Operation): boolean {
  return operation === "add" || operation === "multiply" || operation === "squares";
}

/** How the operation is written in text. */
export const OPERATION_LABELS: Record<Operation, string> = {
  add: "a + b",
  subtract: "a − b",
  multiply: "a · b",
  squares: "a² + b²",
  cubic: "a³ + ab",
};
