/** The derivation of every figure that is drawn from a checkpoint, by the figure's id. One line each, in their order. */
import type { Derivation } from "./derivation.js";

export const derivations: Readonly<Record<string, Derivation>> = {};
