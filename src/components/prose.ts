/** Numbers in sentences: computed, and a dash where the run does not have them. */
import { richText } from "./elements.js";

/**
 * A value in a sentence.
 *
 * @param write how a value that is there is written
 * @param missing what stands for one that is not
 */
export function say<T>(value: T | null | undefined, write: (value: T) => string = String, missing = "—"): Node {
  const span = document.createElement("span");
  span.className = "number";
  span.append(...(value === null || value === undefined ? [missing] : richText(write(value))));
  return span;
}
