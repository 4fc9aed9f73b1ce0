/**
 * The integers of a batch: which runs are active, and of each run its pairs, their orders and its answers.
 *
 * Words: [runs] the active runs, then one block per run: header, codes, starts by a, order by b, starts by b, answers
 * by code, requested codes.
 */
import { labels } from "../../model/dataset.js";
import type { Problem } from "../engine.js";
import { tokenStarts } from "../token-starts.js";

/** Header words: number of training pairs, of requested pairs, first code of a stretch of all pairs, softmax. */
export const HEADER = { pairs: 0, requested: 1, firstCode: 2, naive: 3 } as const;
const HEADER_WORDS = 16;

/** Places in a run's block, in words. */
export interface TokenPlaces {
  runs: number;
  /** First block. */
  blocks: number;
  /** Words per block. */
  block: number;
  codes: number;
  startsByA: number;
  orderByB: number;
  startsByB: number;
  answers: number;
  requests: number;
}

/**
 * @param mostPairs training pairs of the run that has the most
 * @param mostRequested pairs that one request takes
 */
export function tokenPlaces(runs: number, modulus: number, mostPairs: number, mostRequested: number): TokenPlaces {
  let size = HEADER_WORDS;
  const take = (words: number) => {
    const at = size;
    size += words;
    return at;
  };
  const [codes, startsByA, orderByB] = [take(mostPairs), take(modulus + 1), take(mostPairs)];
  const [startsByB, answers, requests] = [take(modulus + 1), take(modulus * modulus), take(mostRequested)];
  const blocks = Math.ceil(runs / HEADER_WORDS) * HEADER_WORDS;
  return { runs, blocks, block: size, codes, startsByA, orderByB, startsByB, answers, requests };
}

/** All words of a batch in which every run is active. */
export function batchTokens(problems: readonly Problem[], places: TokenPlaces): Uint32Array<ArrayBuffer> {
  const words = new Uint32Array(places.blocks + problems.length * places.block);
  for (const [run, { config, split }] of problems.entries()) {
    words[run] = run;
    const p = config.modulus;
    const block = words.subarray(places.blocks + run * places.block, places.blocks + (run + 1) * places.block);
    const codes = split.train.slice().sort();
    const b = codes.map((code) => code % p);
    const orderByB = codes.map((_, i) => i).sort((i, j) => b[i] - b[j] || i - j);
    block[HEADER.pairs] = codes.length;
    block[HEADER.naive] = config.softmax === "naive_float32" ? 1 : 0;
    block.set(codes, places.codes);
    const a = codes.map((code) => Math.floor(code / p));
    block.set(tokenStarts(a, p), places.startsByA);
    block.set(orderByB, places.orderByB);
    block.set(tokenStarts(b.toSorted(), p), places.startsByB);
    block.set(labels(config), places.answers);
  }
  return words;
}
