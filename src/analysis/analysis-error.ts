/** An analysis that does not apply to a run. The message is one line: the field, its value, what is allowed. */
export class AnalysisError extends Error {
  override name = "AnalysisError";
}

function isPrime(n: number): boolean {
  if (n < 2) return false;
  for (let divisor = 2; divisor * divisor <= n; divisor++) if (n % divisor === 0) return false;
  return true;
}

export function isOddPrime(n: number): boolean {
  return n % 2 === 1 && isPrime(n);
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
