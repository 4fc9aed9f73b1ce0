/** Discrete logarithms mod an odd prime: multiplication of non-zero residues as addition mod p − 1. */
import { requireOddPrime } from "./analysis-error.js";

/** The smallest primitive root of an odd prime p: 3 for p = 113. @throws AnalysisError for another modulus */
export function primitiveRoot(p: number): number {
  requireOddPrime(p, "a discrete logarithm");
  for (let g = 2; ; g++) {
    let power = g;
    let order = 1;
    while (power !== 1) {
      power = (power * g) % p;
      order++;
    }
    if (order === p - 1) return g;
  }
}

/** Powers g^t mod p of the smallest primitive root: [p − 1]. */
export function primitivePowers(p: number): Int16Array {
  const g = primitiveRoot(p);
  const powers = new Int16Array(p - 1);
  powers[0] = 1;
  for (let t = 1; t < p - 1; t++) powers[t] = (powers[t - 1] * g) % p;
  return powers;
}

/** A root i of −1 mod p (15 for p = 113: 15² = 225 ≡ −1), or null where −1 is not a square. */
export function rootOfMinusOne(p: number): number | null {
  for (let i = 1; i <= p / 2; i++) if ((i * i + 1) % p === 0) return i;
  return null;
}
