/**
 * The permutation null of everything that is measured over pairs: tokens are shuffled, the same way for both
 * coordinates. Every pair keeps what was measured at it, only the residue that a token stands for is drawn anew: a wave
 * in the residues is lost, all else is kept.
 */
import { MersenneTwister } from "../model/mersenne-twister.js";
import type { PairGrid } from "./pair-grid.js";

/** The grid with its coordinates shuffled, the same order for both. @param seed of the shuffle */
export function shuffledGrid(grid: PairGrid, seed: number): PairGrid {
  const n = grid.size;
  const order = new MersenneTwister([seed]).shuffle(Int32Array.from({ length: n }, (_, i) => i));
  const codes = Int32Array.from(
    { length: n * n },
    (_, at) => grid.codes[order[Math.floor(at / n)] * n + order[at % n]],
  );
  return { ...grid, codes };
}
