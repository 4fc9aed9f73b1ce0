/** Which frequencies the rules in circulation call key, at the thresholds that a reader has chosen. */
import {
  DEFAULT_THRESHOLD,
  KEY_RULES,
  type KeyRule,
  keysAbove,
  keysOfNeurons,
  NEURON_FVE,
} from "../../analysis/key-frequencies.js";
import type { FrequencySpectrum } from "../../derivations/fourier/frequency-spectrum.js";
import type { PageChoices } from "../figure.js";

/** Thresholds in percent: of the largest norm for rules A and B, of the neuron's variance for rule C. */
export const THRESHOLD_PERCENT = 100 * DEFAULT_THRESHOLD;
export const FVE_PERCENT = 100 * NEURON_FVE;

const shareOf = (choice: unknown, fallback: number) => (typeof choice === "number" ? choice : fallback) / 100;

/** The choice `rule`. */
export const ruleOf = (choices: PageChoices): KeyRule => KEY_RULES.find((rule) => rule === choices.rule) ?? "B";

/** The choice `threshold`, or `fve` for rule C, as a share. */
export const thresholdOf = (rule: KeyRule, choices: PageChoices): number =>
  rule === "C" ? shareOf(choices.fve, FVE_PERCENT) : shareOf(choices.threshold, THRESHOLD_PERCENT);

/** What a rule compares with its threshold: norms, or the share of variance of each frequency's best neuron. */
export function measureOf(rule: KeyRule, spectrum: FrequencySpectrum): Float64Array {
  if (rule === "C") return bestNeurons(spectrum);
  return rule === "A" ? spectrum.W_E : spectrum.W_L;
}

/** What a rule finds, ascending; null for none. */
export function pickedBy(rule: KeyRule, spectrum: FrequencySpectrum, choices: PageChoices): number[] | null {
  const { neurons, modulus } = spectrum;
  const threshold = thresholdOf(rule, choices);
  if (rule === "C") return keysOfNeurons(neurons.best, neurons.fve, modulus, threshold);
  return keysAbove(measureOf(rule, spectrum), modulus, threshold);
}

/** Largest share of a neuron's variance that each frequency explains, among the neurons whose best it is. */
function bestNeurons({ logits, neurons }: FrequencySpectrum): Float64Array {
  const best = new Float64Array(logits.length);
  neurons.best.forEach((k, j) => {
    if (k > 0) best[k - 1] = Math.max(best[k - 1], neurons.fve[j]);
  });
  return best;
}

/** Neurons of each frequency that reach a share. */
export function neuronsAbove({ logits, neurons }: FrequencySpectrum, fve: number): Uint16Array {
  const counts = new Uint16Array(logits.length);
  neurons.best.forEach((k, j) => {
    if (k > 0 && neurons.fve[j] >= fve) counts[k - 1]++;
  });
  return counts;
}
