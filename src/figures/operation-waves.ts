/** How the waves of an operation are written: those of the group in which its answers add (`analysis/characters.ts`). */
import type { Operation } from "../model/config.js";
import { OPERATION_LABELS } from "../model/operations.js";

const WAVES: Record<Operation, { phase: string; period: "p" | "(p − 1)"; read: string }> = {
  add: { phase: "a + b − c", period: "p", read: "" },
  subtract: { phase: "a − b − c", period: "p", read: "−b for b" },
  multiply: { phase: "log a + log b − log c", period: "(p − 1)", read: "log a and log b for a and b" },
  squares: { phase: "a² + b² − c", period: "p", read: "a² and b² for a and b" },
  cubic: { phase: "log a + log(a² + b) − log c", period: "(p − 1)", read: "log a and log(a² + b) for a and b" },
};

/** What a logit of the answer c is a wave of: "a + b − c". */
export const phaseOfAnswer = (operation: Operation) => WAVES[operation].phase;

/** What w_k is 2πk over. */
export const periodOf = (operation: Operation) => WAVES[operation].period;

/** How formulas of a + b are to be read for another operation; "" for a + b itself. */
export function readingSentence(operation: Operation): string {
  const { read } = WAVES[operation];
  return read && `For ${OPERATION_LABELS[operation]}, read ${read}.`;
}

/** That products add by their logarithms; "" for sums. */
export function logarithmSentence(operation: Operation): string {
  if (WAVES[operation].period === "p") return "";
  return `The answers of ${OPERATION_LABELS[operation]} add by their logarithms, of which there are p − 1: the waves of this run are those of log n, with p − 1 in place of p.`;
}
