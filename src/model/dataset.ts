/** All pairs of residues, their labels, and the paper's split into training and test pairs. */
import { type RunConfig, trainPairCount } from "./config.js";
import { MersenneTwister } from "./mersenne-twister.js";
import { apply, isCommutative } from "./operations.js";

export interface Split {
  /** Codes a·p + b of the training pairs, in the shuffle's order. */
  train: Uint32Array;
  /** Codes of the test pairs, in the shuffle's order. */
  test: Uint32Array;
}

/** Label of every pair, indexed by code a·p + b: [p²]. */
export function labels(config: Pick<RunConfig, "operation" | "modulus">): Uint16Array {
  const { operation, modulus: p } = config;
  return Uint16Array.from({ length: p * p }, (_, code) => apply(operation, Math.floor(code / p), code % p, p));
}

/**
 * The split of the paper's notebook: Python's random.seed(seed); random.shuffle over the pairs in lexicographic
 * order; the first int(fraction · p²) are for training.
 */
export function splitPairs(config: Pick<RunConfig, "modulus" | "train_fraction" | "seed">): Split {
  const { modulus: p, train_fraction, seed } = config;
  const codes = Uint32Array.from({ length: p * p }, (_, code) => code);
  new MersenneTwister([seed]).shuffle(codes);
  const count = trainPairCount(p, train_fraction);
  return { train: codes.slice(0, count), test: codes.slice(count) };
}

export interface MirrorSplit {
  /** Test pairs (a, b) whose twin (b, a) is a training pair. */
  seen: Uint32Array;
  /** The other test pairs. */
  unseen: Uint32Array;
}

/** Parts the test pairs by whether their mirror image was trained on; null where the operation does not commute. */
export function mirrorSplit(config: Pick<RunConfig, "operation" | "modulus">, split: Split): MirrorSplit | null {
  if (!isCommutative(config.operation)) return null;
  const p = config.modulus;
  const trained = new Set(split.train);
  const twinTrained = (code: number) => trained.has((code % p) * p + Math.floor(code / p));
  return { seen: split.test.filter(twinTrained), unseen: split.test.filter((code) => !twinTrained(code)) };
}
