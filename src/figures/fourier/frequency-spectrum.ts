/** Figure 4: the spectrum of the logits, and the frequencies that each rule in circulation calls key. */
import {
  KEY_RULES,
  type KeyRule,
  keysAbove,
  keysOfNeurons,
  NEURON_FVE,
  topFrequencies,
} from "../../analysis/key-frequencies.js";
import type { FrequencySpectrum } from "../../derivations/fourier/frequency-spectrum.js";
import type { Figure, FigureOptions, PageChoices } from "../figure.js";
import { formatCount, formatList, formatNumber, formatPercent } from "../format.js";
import { stackPanels } from "../panels.js";
import { frequencyPanel, frequencyPanelHeight } from "./frequency-panel.js";
import { countOf, shareText } from "./spectrum-words.js";

export interface FrequencySpectrumData extends FrequencySpectrum {
  /**
   * The same of the run's final model, which decides what is key at every checkpoint; without it the model drawn
   * decides for itself.
   */
  final?: FrequencySpectrum;
}

/** Thresholds in percent: of the largest norm for rules A and B, of the variance for rule C. */
export const THRESHOLD_PERCENT = 25;
export const FVE_PERCENT = 100 * NEURON_FVE;

const HEIGHTS = { logits: 190, rule: 76 };
const RULES: Record<KeyRule, { name: string; short: string }> = {
  B: { name: "neuron–logit map W_L over the classes, norm", short: "W_L over classes" },
  A: { name: "embedding W_E over the tokens, norm", short: "W_E over tokens" },
  C: { name: "best-explained neuron of each frequency, share of its variance", short: "best neuron, FVE" },
};
/** From the logits backwards. */
const ORDER: readonly KeyRule[] = ["B", "A", "C"];

const height = () =>
  frequencyPanelHeight(HEIGHTS.logits, { top: true }) +
  2 * frequencyPanelHeight(HEIGHTS.rule) +
  frequencyPanelHeight(HEIGHTS.rule, { lowest: true }) +
  3 * GAP;
const GAP = 6;

const ruleOf = (choices: PageChoices): KeyRule => KEY_RULES.find((rule) => rule === choices.rule) ?? "B";
const shareOf = (choice: unknown, fallback: number) => (typeof choice === "number" ? choice : fallback) / 100;
const thresholdOf = (choices: PageChoices) => shareOf(choices.threshold, THRESHOLD_PERCENT);
const fveOf = (choices: PageChoices) => shareOf(choices.fve, FVE_PERCENT);

/** What a rule finds in the final model. */
function picked(data: FrequencySpectrumData, rule: KeyRule, choices: PageChoices): number[] | null {
  const { W_E, W_L, neurons, modulus } = data.final ?? data;
  if (rule === "C") return keysOfNeurons(neurons.best, neurons.fve, modulus, fveOf(choices));
  return keysAbove(rule === "A" ? W_E : W_L, modulus, thresholdOf(choices));
}

/** Frequencies that the figure marks: those of the chosen rule; for a twin that has none, as many of its largest. */
function marked(data: FrequencySpectrumData, choices: PageChoices): number[] | null {
  const keys = picked(data, ruleOf(choices), choices);
  return keys ?? (data.isTwin && data.keys ? topFrequencies(data.logits, data.keys.length) : null);
}

/** Share of all that varies in the logits. */
function shareIn({ logits, energy }: FrequencySpectrum, frequencies: readonly number[]): number {
  return energy > 0 ? frequencies.reduce((sum, k) => sum + logits[k - 1] ** 2, 0) / energy : 0;
}

/** Largest share of a neuron's variance that each frequency explains, among the neurons whose best it is. */
function bestNeurons({ logits, neurons }: FrequencySpectrum): Float64Array {
  const best = new Float64Array(logits.length);
  neurons.best.forEach((k, j) => {
    if (k > 0) best[k - 1] = Math.max(best[k - 1], neurons.fve[j]);
  });
  return best;
}

function neuronsAbove({ logits, neurons }: FrequencySpectrum, fve: number): Uint16Array {
  const counts = new Uint16Array(logits.length);
  neurons.best.forEach((k, j) => {
    if (k > 0 && neurons.fve[j] >= fve) counts[k - 1]++;
  });
  return counts;
}

function draw(data: FrequencySpectrumData, options: FigureOptions): SVGSVGElement {
  const rule = ruleOf(options);
  const keys = marked(data, options) ?? [];
  const narrow = options.width < 560;
  const shared = { marked: keys, ranked: data.ranked };
  const reference = data.final && data.final.epoch !== data.epoch ? data.final : undefined;
  const counts = neuronsAbove(data, fveOf(options));
  const top = frequencyPanel(
    {
      ...shared,
      values: data.logits,
      reference: reference?.logits,
      height: HEIGHTS.logits,
      label: narrow
        ? "logits: norm along waves of the answer"
        : "logits: norm along the waves cos, sin of frequency k of the answer",
      top: true,
      describe: (k) => `${formatPercent(data.logits[k - 1] ** 2 / data.energy, 2)} of the logits' energy`,
    },
    options,
  );
  const rules = ORDER.map((name) => {
    const found = picked(data, name, options);
    const values = name === "C" ? bestNeurons(data) : name === "A" ? data.W_E : data.W_L;
    const final = data.final ?? data;
    const largest = name === "C" ? 0 : Math.max(...(name === "A" ? final.W_E : final.W_L));
    const percent = name === "C" ? 100 * fveOf(options) : 100 * thresholdOf(options);
    return frequencyPanel(
      {
        ...shared,
        values,
        reference: reference && (name === "C" ? bestNeurons(reference) : name === "A" ? reference.W_E : reference.W_L),
        height: HEIGHTS.rule,
        label: `${name}${narrow ? "" : " reads the"} ${narrow ? `· ${RULES[name].short}` : RULES[name].name}`,
        note: `above ${formatNumber(percent)} %: ${picks(found, narrow)}`,
        pale: name !== rule,
        threshold: name === "C" ? fveOf(options) : thresholdOf(options) * largest,
        domain: name === "C" ? [0, 1.02] : undefined,
        lowest: name === ORDER[ORDER.length - 1],
        describe: name === "C" ? (k) => `${formatCount(counts[k - 1])} neurons above the line` : undefined,
      },
      options,
    );
  });
  const text = {
    ariaLabel:
      "Bars over the frequencies: norms of the logits, and what the rules A, B and C for key frequencies look at",
    ariaDescription: `${claim(data, options)}. ${ORDER.map((name) => `Rule ${name}: ${picks(picked(data, name, options), false)}`).join("; ")}.`,
  };
  return stackPanels([top, ...rules], text, options, GAP);
}

function picks(found: readonly number[] | null, narrow: boolean): string {
  if (!found) return "none";
  if (found.length > (narrow ? 6 : 12)) return `${found.length} frequencies`;
  return narrow ? found.join(" ") : formatList(found);
}

function claim(data: FrequencySpectrumData, choices: PageChoices): string {
  const keys = marked(data, choices);
  if (!keys) return `By rule ${ruleOf(choices)} no frequency stands out in this model`;
  const share = shareText(shareIn(data, keys));
  const found = picked(data, ruleOf(choices), choices);
  if (!found) return `No frequency stands out: the ${keys.length} largest hold ${share} of the logits’ energy`;
  const which = keys.length <= 8 ? ` (k = ${formatList(keys)})` : "";
  const count = countOf(keys.length, "frequency", "frequencies");
  return `${count} of ${data.logits.length}${which} ${keys.length === 1 ? "holds" : "hold"} ${share} of all that varies in the logits`;
}

/** Spectrum of the logits and the rules for key frequencies. */
export const frequencySpectrum: Figure<FrequencySpectrumData> = {
  id: "frequency-spectrum",
  number: 4,
  name: "Frequency spectrum",
  height,
  gap: () => null,
  claim,
  headline(data, choices) {
    const keys = marked(data, choices);
    const value = keys && shareIn(data, keys);
    return {
      label: "share of the logits’ energy in the key frequencies",
      value,
      text: value === null ? "no key frequencies" : shareText(value),
    };
  },
  draw,
  rows(data, choices) {
    const best = bestNeurons(data);
    const counts = neuronsAbove(data, fveOf(choices));
    const found = KEY_RULES.map((rule) => [`key_by_rule_${rule}`, picked(data, rule, choices) ?? []] as const);
    return Array.from(data.logits, (norm, i) => ({
      frequency: i + 1,
      logits: norm,
      share_of_energy: norm ** 2 / data.energy,
      W_L: data.W_L[i],
      W_E: data.W_E[i],
      best_neuron_fve: best[i],
      neurons_above_fve: counts[i],
      ...Object.fromEntries(found.map(([name, keys]) => [name, keys.includes(i + 1)])),
    }));
  },
  caption:
    "Each bar is one frequency, its cosine and sine together. Colours mark the frequencies that the chosen rule finds in " +
    "the final model; the dashed lines are the thresholds, and the thin ticks at an earlier epoch where the final model will be.",
  guidance: {
    shows:
      "Which waves the model’s answers are made of. The top panel measures its logits along cos and sin of each frequency " +
      "of the right answer; the three below show what the rules in circulation for “key frequency” look at: the map from " +
      "neurons to logits (B), the embedding (A), and the neurons themselves (C).",
    reading:
      "Look for a few tall bars over an empty floor. Then see whether the same frequencies rise above the line in all " +
      "three lower panels: the rules need not agree, and where they do not, the note at the right of each says what it " +
      "finds. Move the threshold to see how much hangs on it: no paper publishes one.",
    normal:
      "Three to six frequencies hold more than 95 % of what varies in the logits, and rules B and C agree on them. The " +
      "embedding often carries one or two more than the logits use, so rule A finds more. Before the circuit is there, " +
      "the floor is uneven and no bar stands out.",
    wrong:
      "An even floor: no circuit, as with random weights. A few tall bars that hold little of the energy: the model also " +
      "knows its training pairs by heart, and most of what varies in its logits is no wave at all, as in the memorized " +
      "twin. A rule that finds a quarter of all frequencies finds none: it says so.",
  },
};
