/** Numbers in sentences: computed, and a dash where the run does not have them. */
import { richText } from "./elements.js";

/**
 * A value in a sentence.
 *
 * @param write how a value that is there is written
 * @param missing what stands for null: what did not happen in the run. Undefined, for want of a run, is a dash.
 */
export function say<T>(value: T | null | undefined, write: (value: T) => string = String, missing = "—"): Node {
  const span = document.createElement("span");
  span.className = "number";
  if (value === undefined) span.append("—");
  else span.append(...(value === null ? [missing] : richText(write(value))));
  return span;
}
