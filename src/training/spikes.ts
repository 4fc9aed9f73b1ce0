/**
 * Counts spikes of the training loss: sudden losses of what was learned.
 *
 * A spike begins when the loss exceeds 100 times the lowest seen so far and ends when it falls below 10 times that.
 * Losses below 1e-10 count as that: a plain float32 log-softmax gives exact zeros, from which everything is a jump.
 */
const BEGINS = 100;
const ENDS = 10;
const FLOOR = 1e-10;

/** Everything the count depends on; plain JSON, so that a run can resume with it. */
export interface SpikeState {
  /** Lowest training loss so far, nats, at least the floor; null before the first. */
  lowest: number | null;
  /** Whether the latest loss belongs to a spike. */
  inside: boolean;
  /** Spikes begun so far. */
  count: number;
}

export const NO_SPIKES: Readonly<SpikeState> = { lowest: null, inside: false, count: 0 };

/** The state after one more training loss (nats). */
export function observeLoss(state: SpikeState, loss: number): SpikeState {
  const floored = Math.max(loss, FLOOR);
  const lowest = state.lowest === null ? floored : Math.min(state.lowest, floored);
  if (state.inside) return { lowest, inside: loss >= ENDS * lowest, count: state.count };
  const begins = loss > BEGINS * lowest;
  return { lowest, inside: begins, count: state.count + (begins ? 1 : 0) };
}
