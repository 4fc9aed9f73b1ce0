/** Figure 20: the loss of every single pair, of the training ones and the others. */
import type { ModelView } from "../../analysis/model-view.js";
import { mirrorSplit } from "../../model/dataset.js";
import { answersOf, lossesOf } from "./pair-losses.js";

/** What the model was shown of a pair. `mirrored`: the pair itself not, but its twin (b, a). */
export const EXPOSURES = ["train", "mirrored", "unseen"] as const;
export type Exposure = (typeof EXPOSURES)[number];

export interface PerSampleLossData {
  epoch: number;
  modulus: number;
  /** Nats, by code a·p + b: [p²]. */
  losses: Float32Array;
  /** Index into EXPOSURES, by code: [p²]. Without a commutative operation no pair is mirrored. */
  exposures: Uint8Array;
  commutes: boolean;
  /** Right answer, by code: [p²]. */
  answers: Uint16Array;
}

export function derivePerSampleLoss(view: ModelView): PerSampleLossData {
  const { config, split, epoch } = view;
  const p = config.modulus;
  const exposures = new Uint8Array(p * p).fill(EXPOSURES.indexOf("unseen"));
  for (const code of split.train) exposures[code] = EXPOSURES.indexOf("train");
  const mirrors = mirrorSplit(config, split);
  for (const code of mirrors?.seen ?? []) exposures[code] = EXPOSURES.indexOf("mirrored");
  return {
    epoch,
    modulus: p,
    losses: lossesOf(view),
    exposures,
    commutes: mirrors !== null,
    answers: answersOf(view),
  };
}
