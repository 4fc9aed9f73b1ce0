/** Right answer and loss of every pair, for all figures of a view that need them. */
import { type ModelView, once } from "../../analysis/model-view.js";
import { labels } from "../../model/dataset.js";
import { rowLoss } from "../../model/losses.js";

/** Right answer by code a·p + b: [p²]. */
export const answersOf = (view: ModelView): Uint16Array => once(view, "right answers", () => labels(view.config));

/** Cross-entropy of every pair in nats, by code: [p²]. */
export function lossesOf(view: ModelView): Float32Array {
  const p = view.config.modulus;
  return once(view, "losses", () =>
    Float32Array.from(answersOf(view), (answer, code) => rowLoss(view.logits, code * p, p, answer)),
  );
}

export interface SplitLoss {
  train: number;
  test: number;
}

/** Mean of the losses of the training and of the test pairs. @param loss of a pair, by its code */
export function meanBySplit({ split }: ModelView, loss: (code: number) => number): SplitLoss {
  const mean = (codes: Uint32Array) => codes.reduce((sum, code) => sum + loss(code), 0) / codes.length;
  return { train: mean(split.train), test: mean(split.test) };
}
