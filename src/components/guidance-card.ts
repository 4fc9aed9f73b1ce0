/** The card under a figure: what it shows, how to read it, what is normal, what it means when it is not. */
import type { Guidance } from "../figures/figure.js";
import { element, richText } from "./elements.js";

const PARTS: [part: keyof Guidance, title: string][] = [
  ["shows", "What it shows"],
  ["reading", "How to read it"],
  ["normal", "What normal looks like"],
  ["wrong", "When it looks wrong"],
];

export function guidanceCard(guidance: Guidance): HTMLElement {
  const list = element("dl", { class: "guidance" });
  for (const [part, title] of PARTS) {
    list.append(element("div", {}, element("dt", {}, title), element("dd", {}, ...richText(guidance[part]))));
  }
  return element("details", { class: "guidance-card" }, element("summary", {}, "Guide to this figure"), list);
}
