/** What the logits look like over training, small enough for an animation: their mean for each right answer. */
import type { ModelView } from "../../analysis/model-view.js";
import { type SumMeans, sumIndex, sumMeans, sumNorms } from "../../analysis/sum-directions.js";

export interface LogitFrames {
  epochs: number[];
  /** Answers in the order of their group: the residue at each position. */
  residues: number[];
  /**
   * Mean logit of each answer (column) over the pairs whose right answer is that of the row, less the answer's mean over
   * all pairs: [checkpoints, size, size].
   */
  means: Float32Array;
  /** Share of all that varies in the logits that lies in the key frequencies, at each checkpoint. */
  shares: number[];
}

export interface LogitFrame {
  residues: number[];
  /** [size, size] */
  means: Float32Array;
  share: number;
}

/** One checkpoint's frame. @throws AnalysisError where the operation has no group of answers */
export function logitFrame({ config, logits, keyFrequencies }: ModelView): LogitFrame {
  const { operation, modulus: p } = config;
  const sums = sumMeans(logits, sumIndex(operation, p), p);
  const norms = sumNorms(sums);
  const energy = centredEnergy(logits, sums);
  const key = (keyFrequencies ?? []).reduce((sum, k) => sum + norms[k - 1] ** 2, 0);
  const { size, residues } = sums.index.answers;
  const columnMeans = Float64Array.from(residues, (c) => {
    let sum = 0;
    for (let s = 0; s < size; s++) sum += sums.means[s * p + c];
    return sum / size;
  });
  const means = Float32Array.from(
    { length: size * size },
    (_, i) => sums.means[Math.floor(i / size) * p + residues[i % size]] - columnMeans[i % size],
  );
  return { residues: [...residues], means, share: energy > 0 ? key / energy : 0 };
}

/** Σ (L − mean over the pairs of L)², class by class, over the pairs of the group. */
function centredEnergy(logits: Float32Array, { index, width: p }: SumMeans): number {
  const totals = new Float64Array(p);
  let squares = 0;
  let pairs = 0;
  for (let code = 0; code < index.positions.length; code++) {
    if (index.positions[code] < 0) continue;
    pairs++;
    for (let c = 0; c < p; c++) {
      const logit = logits[code * p + c];
      totals[c] += logit;
      squares += logit * logit;
    }
  }
  return squares - totals.reduce((sum, total) => sum + (total * total) / pairs, 0);
}

/** Frames of a run's checkpoints in one piece. */
export function joinFrames(epochs: readonly number[], frames: readonly LogitFrame[]): LogitFrames {
  const cells = frames[0].means.length;
  const means = new Float32Array(frames.length * cells);
  frames.forEach((frame, i) => {
    means.set(frame.means, i * cells);
  });
  return { epochs: [...epochs], residues: frames[0].residues, means, shares: frames.map(({ share }) => share) };
}
