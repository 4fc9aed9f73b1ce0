/** Lets a drawing make choices of its page: what a click in it asks for, by the event that it sends. */
import { CHOOSE } from "../figures/grid-reading.js";
import type { PageState } from "./page-state.js";

/** For frames that do not follow checkpoints, which take choices by themselves. */
export function followChoices<S extends Record<string, unknown>>(frame: HTMLElement, state: PageState<S>): void {
  frame.addEventListener(CHOOSE, (event) => state.set((event as CustomEvent<Partial<S>>).detail));
}
