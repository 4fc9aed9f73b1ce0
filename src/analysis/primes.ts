/** Whether n is an odd prime number. */
export function isOddPrime(n: number): boolean {
  if (n < 3 || n % 2 === 0) return false;
  for (let divisor = 3; divisor * divisor <= n; divisor += 2) if (n % divisor === 0) return false;
  return true;
}
