/** Controls that are there only while a choice of the page asks for them. */
import type { PageState } from "./page-state.js";

/** Shows a node while `isShown` holds for the page's choices. */
export function shownWhen<S extends Record<string, unknown>, N extends HTMLElement>(
  state: PageState<S>,
  node: N,
  isShown: (values: S) => boolean,
): N {
  const update = () => {
    node.style.display = isShown(state.values) ? "" : "none";
  };
  state.subscribe(update);
  update();
  return node;
}
