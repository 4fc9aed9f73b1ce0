import { isOddPrime } from "./primes.js";

/** An analysis that does not apply to a run. The message is one line: the field, its value, what is allowed. */
export class AnalysisError extends Error {
  override name = "AnalysisError";
}

/**
 * Checks that a modulus has a discrete logarithm of the kind used here.
 *
 * @param what the analysis that needs it, for the message
 * @throws AnalysisError unless the modulus is an odd prime
 */
export function requireOddPrime(modulus: number, what: string): void {
  if (!isOddPrime(modulus)) {
    throw new AnalysisError(`modulus: ${modulus} is not allowed for ${what}; allowed: an odd prime`);
  }
}
