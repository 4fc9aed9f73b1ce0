/**
 * Where the tokens lie over training, in planes that are fixed by the last checkpoint: pairs of its principal components,
 * and its own cos and sin directions of each key frequency. A basis that is refitted at every checkpoint turns and flips
 * by itself and shows motion that is not there.
 */
import { gatherRows, hasCharacters, tokenCharacters } from "../../analysis/characters.js";
import { frequencyPlane } from "../../analysis/embedding-circles.js";
import { foldedNorms, transformRows } from "../../analysis/fourier.js";
import type { ModelWeights } from "../../analysis/model-view.js";
import { coordinatesIn, type PrincipalBasis, principalBasis } from "../../analysis/principal-components.js";
import { parameterLayout, tensor } from "../../model/parameters.js";
import type { Gap } from "../derivation.js";

/** Pairs of principal components that are kept. */
const COMPONENT_PLANES = 4;

export const TOKEN_BASES = ["final PCs", "key plane"] as const;

export interface TokenPlane {
  basis: (typeof TOKEN_BASES)[number];
  /** "PC 1 and 2", or "k = 14". */
  name: string;
  /** Frequency that holds most of the tokens' variance in this plane at the last checkpoint, and its share of it. */
  ring: number;
  ringShare: number;
  /** Share of the variance of the whole embedding that lies in this plane, at each checkpoint. */
  shares: number[];
}

export interface TokenPaths {
  epochs: number[];
  /** Tokens in the order of the group in which the operation adds: the residue at each position. */
  residues: number[];
  multiplicative: boolean;
  ranked: number[];
  planes: TokenPlane[];
  /** Coordinates about the mean token of the last checkpoint: [planes, checkpoints, tokens, 2]. */
  coordinates: Float32Array;
}

/** @param models checkpoints of one run, ascending; the last one fixes the planes */
export function tokenPaths(models: readonly ModelWeights[]): TokenPaths | Gap {
  const last = models[models.length - 1];
  const { operation, modulus, d_model: d } = last.config;
  if (!hasCharacters(operation, modulus)) {
    return { gap: `modulus ${modulus} is not prime, so that the tokens of a product lie on no circles` };
  }
  const tokens = tokenCharacters(operation, modulus);
  const n = tokens.size;
  const embeddings = models.map(({ config, parameters }) =>
    gatherRows(tensor(parameterLayout(config), parameters, "W_E"), tokens, d),
  );
  const W_E = embeddings[embeddings.length - 1];
  const bases = [...componentPlanes(W_E, n, d), ...keyPlanes(W_E, n, d, last.rankedFrequencies)];
  const coordinates = new Float32Array(bases.length * models.length * n * 2);
  const planes = bases.map(({ basis, name, plane }, i) => {
    const frames = embeddings.map((rows) => coordinatesIn(plane, rows, n));
    frames.forEach((xy, frame) => {
      coordinates.set(xy, (i * models.length + frame) * n * 2);
    });
    const shares = frames.map((xy, frame) => spread(xy, 2) / spread(embeddings[frame], d));
    return { basis, name, ...strongestWave(frames[frames.length - 1], n), shares };
  });
  return {
    epochs: models.map(({ epoch }) => epoch),
    residues: [...tokens.residues],
    multiplicative: tokens.kind === "multiplicative",
    ranked: [...last.rankedFrequencies],
    planes,
    coordinates,
  };
}

interface NamedPlane extends Pick<TokenPlane, "basis" | "name"> {
  plane: Pick<PrincipalBasis, "mean" | "components">;
}

function componentPlanes(W_E: Float64Array, n: number, d: number): NamedPlane[] {
  const { mean, components } = principalBasis(W_E, n, d, 2 * COMPONENT_PLANES);
  const count = Math.floor(components.length / d / 2);
  return Array.from({ length: count }, (_, i) => ({
    basis: "final PCs",
    name: `PC ${2 * i + 1} and ${2 * i + 2}`,
    plane: { mean, components: components.slice(2 * i * d, 2 * (i + 1) * d) },
  }));
}

function keyPlanes(W_E: Float64Array, n: number, d: number, ranked: readonly number[]): NamedPlane[] {
  const planar = ranked.filter((k) => 2 * k < n);
  return planar.map((k) => ({ basis: "key plane", name: `k = ${k}`, plane: frequencyPlane(W_E, n, d, k) }));
}

/** Σ (x − mean)², for rows of `width`. */
function spread(values: Float64Array, width: number): number {
  const rows = values.length / width;
  const means = new Float64Array(width);
  for (let i = 0; i < values.length; i++) means[i % width] += values[i] / rows;
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i] - means[i % width]) ** 2;
  return sum;
}

function strongestWave(xy: Float64Array, n: number): Pick<TokenPlane, "ring" | "ringShare"> {
  const energies = foldedNorms(transformRows(xy, n, 2), n, 2).map((norm) => norm * norm);
  const total = energies.reduce((sum, energy) => sum + energy, 0);
  const best = energies.reduce((top, energy, i) => (energy > energies[top] ? i : top), 0);
  return { ring: best + 1, ringShare: total > 0 ? energies[best] / total : 0 };
}

/** Coordinates of the tokens in one plane at one checkpoint: [tokens, 2]. */
export function tokensAt(
  { epochs, residues, coordinates }: TokenPaths,
  plane: number,
  checkpoint: number,
): Float32Array {
  const size = residues.length * 2;
  const from = (plane * epochs.length + checkpoint) * size;
  return coordinates.subarray(from, from + size);
}
