/** How far the key frequencies are ahead of the others, in the logits and in the weights. */
import { formatEpoch, formatNumber } from "../format.js";
import { QUANTITIES, type Quantity, type SpectraData, spectraSeries, spectrumAt } from "./spectra-series.js";

export interface KeyLead {
  epoch: number;
  /** Norm of the strongest key frequency over that of the strongest other. */
  ratios: Record<Quantity, number>;
}

/** At the last evaluation before half of the way to grokking; null for a run without it, or without key frequencies. */
export function keyLead({ run, spectra }: Pick<SpectraData, "run" | "spectra">): KeyLead | null {
  const { key_frequencies: keys, milestones } = run;
  if (!keys || milestones.grokked === null) return null;
  const half = milestones.grokked / 2;
  const series = spectraSeries(spectra);
  const index = series.epochs.findLastIndex((epoch) => epoch <= half);
  if (index < 0) return null;
  const ratio = (quantity: Quantity) => {
    let [key, other] = [0, 0];
    spectrumAt(series, quantity, index).forEach((norm, i) => {
      if (keys.includes(i + 1)) key = Math.max(key, norm);
      else other = Math.max(other, norm);
    });
    return key / other;
  };
  const ratios = Object.fromEntries(QUANTITIES.map((quantity) => [quantity, ratio(quantity)]));
  return { epoch: series.epochs[index], ratios: ratios as KeyLead["ratios"] };
}

/** The same as a sentence; "" where there is none. */
export function keyLeadSentence(data: Pick<SpectraData, "run" | "spectra">): string {
  const lead = keyLead(data);
  if (!lead) return "";
  const times = (quantity: Quantity) => formatNumber(lead.ratios[quantity], 2);
  return `At epoch ${formatEpoch(lead.epoch)}, less than halfway to grokking, the strongest key frequency is ${times("logits")} times as strong as the strongest other in the logits, ${times("W_L")} times in W_L and ${times("W_E")} times in W_E.`;
}
