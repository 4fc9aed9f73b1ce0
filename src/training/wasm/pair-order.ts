/** Training pairs as the step wants them: sorted by a, with a second order by b, in blocks that never part an a. */
import type { RunConfig } from "../../model/config.js";
import { labels, type Split } from "../../model/dataset.js";
import { tokenStarts } from "../token-starts.js";

export interface PairOrder {
  /** [N] each, sorted by a, then b. */
  pairA: Int32Array;
  pairB: Int32Array;
  answers: Int32Array;
  /** [p + 1]: where each a begins. */
  startsByA: Int32Array;
  /** [N] indices into the above, sorted by b, then a. */
  orderByB: Int32Array;
  /** [p + 1]: where each b begins in `orderByB`. */
  startsByB: Int32Array;
  /** [blocks + 1]: first a of each block; blocks hold about equally many pairs. */
  blockStarts: Int32Array;
}

export function orderPairs(config: RunConfig, split: Split, blocks: number): PairOrder {
  const p = config.modulus;
  const answerOf = labels(config);
  const codes = split.train.slice().sort();
  const pairA = Int32Array.from(codes, (code) => Math.floor(code / p));
  const pairB = Int32Array.from(codes, (code) => code % p);
  const orderByB = Int32Array.from(codes.keys()).sort((i, j) => pairB[i] - pairB[j] || i - j);
  const startsByA = tokenStarts(pairA, p);
  const blockStarts = new Int32Array(blocks + 1);
  for (let block = 1; block < blocks; block++) {
    const wanted = (block * codes.length) / blocks;
    let a = blockStarts[block - 1];
    while (a < p && startsByA[a] < wanted) a++;
    blockStarts[block] = a;
  }
  blockStarts[blocks] = p;
  return {
    pairA,
    pairB,
    answers: Int32Array.from(codes, (code) => answerOf[code]),
    startsByA,
    orderByB,
    startsByB: tokenStarts(
      orderByB.map((i) => pairB[i]),
      p,
    ),
    blockStarts,
  };
}
