/** Shows a null twin in place of the run: a figure that looks the same on it says nothing about the circuit. */
import { element } from "./elements.js";
import type { SharedChoices } from "./page.js";
import type { PageState } from "./page-state.js";

/** A choice between the run and its twins; shared by all figures of the page. Empty where there are no twins. */
export function twinControl(state: PageState<SharedChoices>, twins: readonly string[]): HTMLElement {
  const node = element("div", { class: "twin-control", role: "group", "aria-label": "Compare with a null twin" });
  if (!twins.length) return node;
  const buttons = ["none", ...twins].map((name) => {
    const button = element("button", { type: "button" }, name === "none" ? "this run" : name);
    button.addEventListener("click", () => state.set({ twin: name }));
    return { name, button };
  });
  const update = () => {
    for (const { name, button } of buttons) button.setAttribute("aria-pressed", String(state.values.twin === name));
  };
  state.subscribe(update);
  update();
  node.append(element("span", {}, "Show"), ...buttons.map(({ button }) => button));
  return node;
}
