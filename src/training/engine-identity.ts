/** Who computed a run: bits are promised for equal identity only. */
import type { EngineIdentity } from "./engine.js";

export const sameEngine = (a: EngineIdentity, b: EngineIdentity): boolean =>
  a.name === b.name && a.variant === b.variant && a.adapter === b.adapter && a.numerics_version === b.numerics_version;

/** An engine in words, for example: wasm relaxed-fma on cpu. */
export const describeEngine = ({ name, variant, adapter }: EngineIdentity): string =>
  `${name} ${variant} on ${adapter}`;
