/** Logits with nothing left but what a mask keeps, as far as figure 18 looks at them. */
import { keptLogits } from "../../analysis/ablations.js";
import type { LineCoefficients } from "../../analysis/line-sums.js";
import type { ModelView } from "../../analysis/model-view.js";
import type { PairGrid } from "../../analysis/pair-grid.js";
import { type Mask, maskedMaps } from "../../analysis/wave-maps.js";
import { rowLoss } from "../../model/losses.js";
import { answersOf, meanBySplit, type SplitLoss } from "./pair-losses.js";

export interface KeptLogits {
  /** Logit of one answer for one pair. */
  at(code: number, answer: number): number;
  loss: SplitLoss;
}

export function keptBy(
  view: ModelView,
  lines: LineCoefficients,
  grid: PairGrid,
  mask: Mask,
  frequencies: readonly number[],
): KeptLogits {
  if (mask === "directions") return keptBySum(view, lines, grid, frequencies);
  const p = view.config.modulus;
  const answers = answersOf(view);
  const kept = keptLogits(view.logits, lines, grid, mask, frequencies);
  return {
    at: (code, answer) => kept[code * p + answer],
    loss: meanBySplit(view, (code) => rowLoss(kept, code * p, p, answers[code])),
  };
}

/** What depends on the sum alone has as many different rows as there are sums, and as many losses. */
function keptBySum(
  view: ModelView,
  lines: LineCoefficients,
  { codes, size: n }: PairGrid,
  frequencies: readonly number[],
): KeptLogits {
  const p = view.config.modulus;
  const answers = answersOf(view);
  const { constant, sums } = maskedMaps(lines, "directions", frequencies);
  const rows = sums.map((value, i) => value + constant[i % p]);
  // Position of each pair's sum; −1 outside the grid, where pairs keep their own logits.
  const positions = new Int16Array(p * p).fill(-1);
  const losses = new Float64Array(n);
  for (let x = 0; x < n; x++) {
    for (let y = 0; y < n; y++) positions[codes[x * n + y]] = (x + y) % n;
    losses[x] = rowLoss(rows, x * p, p, answers[codes[x * n]]);
  }
  return {
    at: (code, answer) => (positions[code] < 0 ? view.logits[code * p + answer] : rows[positions[code] * p + answer]),
    loss: meanBySplit(view, (code) =>
      positions[code] < 0 ? rowLoss(view.logits, code * p, p, answers[code]) : losses[positions[code]],
    ),
  };
}
