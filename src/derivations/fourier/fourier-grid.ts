/** Figure 5 from a checkpoint: the 2-D Fourier transform of its logits. */
import { frequencyCount } from "../../analysis/fourier.js";
import { topFrequencies } from "../../analysis/key-frequencies.js";
import { type ModelView, once } from "../../analysis/model-view.js";
import { blockShare, spectrum2d } from "../../analysis/spectrum-2d.js";
import { type Gap, isGap } from "../derivation.js";
import { operationGrid } from "../operation-grid.js";
import { type Frequencies, frequenciesOf } from "./frequencies.js";

export interface FourierGrid extends Frequencies {
  /** Rows and columns. */
  size: number;
  /** What the two coordinates are. */
  axes: readonly [string, string];
  /** Norm over the classes of each coefficient, row of the first coordinate's basis first: [size, size]. */
  norms: Float32Array;
  /** Σ norm² without the constant. */
  energy: number;
  /** Share of it in the blocks {cos_k, sin_k}² of the marked frequencies; null where none is marked. */
  share: number | null;
}

export function deriveFourierGrid(view: ModelView): FourierGrid | Gap {
  const grid = operationGrid(view);
  if (isGap(grid)) return grid;
  const { size, axes } = grid;
  const norms = once(view, "2-D spectrum of the logits", () => spectrum2d(view.logits, grid, view.config.modulus));
  let energy = -norms[0] * norms[0];
  for (const norm of norms) energy += norm * norm;
  const shares = Float64Array.from({ length: frequencyCount(size) }, (_, i) => blockShare(norms, size, [i + 1]));
  const frequencies = frequenciesOf(view);
  // A twin is given its strongest case: the blocks with most energy, whichever they are.
  const keys =
    frequencies.isTwin && frequencies.keys ? topFrequencies(shares, frequencies.keys.length) : frequencies.keys;
  return {
    ...frequencies,
    keys,
    size,
    axes,
    norms: Float32Array.from(norms),
    energy,
    share: keys?.reduce((sum, k) => sum + shares[k - 1], 0) ?? null,
  };
}
