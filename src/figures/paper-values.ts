/** What Nanda et al. (2023) report of their main model, to stand beside our own numbers. */
export const PAPER = {
  /** Section 5.2, by eye. */
  phases: [
    { name: "memorization", from: 0, to: 1400 },
    { name: "circuit formation", from: 1400, to: 9400 },
    { name: "cleanup", from: 9400, to: 14_000 },
  ],
  memorized: 1400,
  grokked: 10_000,
  keyFrequencies: [14, 35, 41, 42, 52],
  finalLoss: 2.41e-7,
} as const;
