/** The derivation of every figure that is drawn from a checkpoint, by the figure's id. One line each, in their order. */
import type { Derivation, SeriesDerivation } from "./derivation.js";

export const derivations: Readonly<Record<string, Derivation>> = {};

/** The same for figures of several checkpoints of a run. */
export const seriesDerivations: Readonly<Record<string, SeriesDerivation>> = {};
