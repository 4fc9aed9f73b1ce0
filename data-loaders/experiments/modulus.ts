import { over, sweep } from "./sweep-grid.js";

export const modulus = sweep(
  "modulus",
  "How does the time to grok depend on the prime, how many key frequencies does each use, and how much of it is that " +
    "30 % of few pairs are few?",
  over("modulus", [7, 11, 13, 17, 23, 31, 37, 43, 53, 59, 67, 89, 97, 113]),
);
