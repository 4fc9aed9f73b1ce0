/** What a figure of one checkpoint needs from it: a pure function that keeps only the small arrays that are drawn. */
import type { ModelView, ModelWeights } from "../analysis/model-view.js";

/** The page's choices that a derivation was told of, by name; read them with `integerChoice` and `namedChoice`. */
export type DerivationChoices = Readonly<Record<string, unknown>>;

/** Why a figure does not apply to a model, completing "Not drawn: …". */
export interface Gap {
  gap: string;
}

export type Derivation<Data extends object = object> = (view: ModelView, choices: DerivationChoices) => Data | Gap;

/** What a figure of several checkpoints needs: which of them, and what is drawn. It has the weights, not the views. */
export interface SeriesDerivation<Data extends object = object> {
  /** The epochs that are wanted among the stored ones, which ascend. */
  epochs(stored: readonly number[], choices: DerivationChoices): readonly number[];
  /** @param models one per epoch, ascending; of the twin with random weights there is one only */
  derive(models: readonly ModelWeights[], choices: DerivationChoices): Data | Gap;
}

export function isGap(data: object): data is Gap {
  return "gap" in data && typeof data.gap === "string";
}

/** A whole number among the choices, kept within [low, high]; `fallback` where it was not chosen. */
export function integerChoice(
  choices: DerivationChoices,
  name: string,
  [low, high]: readonly [number, number],
  fallback: number,
): number {
  const value = choices[name];
  return typeof value === "number" && Number.isInteger(value) ? Math.min(high, Math.max(low, value)) : fallback;
}

/** A name among the choices; `fallback` where another or none was chosen. */
export function namedChoice<const T extends string>(
  choices: DerivationChoices,
  name: string,
  allowed: readonly T[],
  fallback: T,
): T {
  const value = choices[name];
  return allowed.includes(value as T) ? (value as T) : fallback;
}
