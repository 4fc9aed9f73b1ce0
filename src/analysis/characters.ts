/**
 * The right basis of an operation: the cyclic group in which its answers are an addition.
 *
 * Additive characters cos, sin(2πkx/p) for a ± b, and for a² + b², which adds squares. Multiplicative ones for products:
 * x ↦ log_g x turns a·b into log a + log b mod p − 1, the zero apart; a³ + ab = a(a² + b) is a product as well.
 *
 * a² + b² is a product too, (a + ib)(a − ib) with i² = −1. But models that have learnt it write their answers in additive
 * characters, sparsely, and in multiplicative ones as densely as random weights (`basis-sparsity.ts` measures both).
 */
import type { Operation } from "../model/config.js";
import { AnalysisError } from "./analysis-error.js";
import { primitivePowers } from "./discrete-log.js";
import { isOddPrime } from "./primes.js";

export interface Characters {
  kind: "additive" | "multiplicative";
  /** Elements of the group: p or p − 1. */
  size: number;
  /** Residue at each position of the group: [size]. */
  residues: Int16Array;
  /** Position of each residue, −1 where it stands apart (zero, in a multiplicative group): [p]. */
  positions: Int16Array;
}

function characters(kind: Characters["kind"], residues: Int16Array, p: number): Characters {
  const positions = new Int16Array(p).fill(-1);
  for (let t = 0; t < residues.length; t++) positions[residues[t]] = t;
  return { kind, size: residues.length, residues, positions };
}

/** The residues mod p under addition. */
export function additiveCharacters(p: number): Characters {
  return characters(
    "additive",
    Int16Array.from({ length: p }, (_, t) => t),
    p,
  );
}

/** The non-zero residues under multiplication, by discrete logarithm. @throws AnalysisError unless p is an odd prime */
export function multiplicativeCharacters(p: number): Characters {
  return characters("multiplicative", primitivePowers(p), p);
}

/**
 * Characters of the answers of an operation: those whose values over a pair (a, b) the answer alone decides.
 *
 * @throws AnalysisError for an operation other than a ± b with a modulus that is not an odd prime
 */
export function answerCharacters(operation: Operation, p: number): Characters {
  if (operation === "add" || operation === "subtract") return additiveCharacters(p);
  if (!isOddPrime(p)) {
    throw new AnalysisError(
      `modulus: ${p} is not allowed for the Fourier analysis of ${operation}; allowed: an odd prime`,
    );
  }
  return operation === "squares" ? additiveCharacters(p) : multiplicativeCharacters(p);
}

/** Whether `answerCharacters` has an answer. */
export function hasCharacters(operation: Operation, p: number): boolean {
  return operation === "add" || operation === "subtract" || isOddPrime(p);
}

/**
 * Characters of the tokens: additive for a ± b, multiplicative for a·b. For a² + b² and a³ + ab no group of the tokens is
 * the right one, and they keep the additive one.
 *
 * @throws AnalysisError for a·b with a modulus that is not an odd prime
 */
export function tokenCharacters(operation: Operation, p: number): Characters {
  return operation === "multiply" ? answerCharacters(operation, p) : additiveCharacters(p);
}

/** Rows of X [≥ p, m] in the order of the group: [size, m]. */
export function gatherRows(X: Float32Array | Float64Array, group: Characters, m: number): Float64Array {
  const out = new Float64Array(group.size * m);
  for (let t = 0; t < group.size; t++) {
    const row = group.residues[t] * m;
    for (let j = 0; j < m; j++) out[t * m + j] = X[row + j];
  }
  return out;
}
