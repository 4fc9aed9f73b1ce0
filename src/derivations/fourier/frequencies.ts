/** Which frequencies a Fourier figure of a checkpoint marks, and of what model. */
import type { ModelView } from "../../analysis/model-view.js";

export interface Frequencies {
  epoch: number;
  /** Key frequencies of the final model, ascending; of a twin, as many of its own top ones. Null for none. */
  keys: readonly number[] | null;
  /** The same by energy, largest first: the order of their colours. */
  ranked: readonly number[];
  /** Whether the model is a null twin. */
  isTwin: boolean;
}

export const frequenciesOf = ({
  epoch,
  keyFrequencies,
  rankedFrequencies,
  twin,
}: Pick<ModelView, "epoch" | "keyFrequencies" | "rankedFrequencies" | "twin">): Frequencies => ({
  epoch,
  keys: keyFrequencies,
  ranked: rankedFrequencies,
  isTwin: twin !== null,
});
