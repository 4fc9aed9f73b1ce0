/** Words that the figures of spectra share. */
import { formatPercent } from "../format.js";

const WORDS = ["No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten"];

/** 4 → "Four frequencies" */
export function countOf(count: number, one: string, many: string): string {
  return `${WORDS[count] ?? count} ${count === 1 ? one : many}`;
}

/**
 * A share of a whole: 0.984 → "98.4 %", 0.00002 → "less than 0.1 %".
 *
 * @param little says "only" of what is there, or "less than", to start a sentence
 */
export function shareText(share: number, little = false): string {
  const isTiny = share > 0 && share < 0.0005;
  if (isTiny) return `${little ? "Less" : "less"} than ${formatPercent(0.001)}`;
  return `${little ? "Only " : ""}${formatPercent(share)}`;
}
