/** A slider over the epochs at which there is something to see. */
import { bisectCenter } from "d3";
import { formatEpoch } from "../figures/format.js";
import { element } from "./elements.js";

export interface Scrubber {
  node: HTMLElement;
  /** Shows an epoch, in a run that ends at `end`. */
  set(epoch: number, end: number): void;
  /** The epochs that the slider stops at, ascending. Without any, it has a hundred even steps. */
  setStops(epochs: readonly number[]): void;
}

/**
 * The slider moves from stop to stop: arrow keys by one, page keys by ten, Home and End to the ends.
 *
 * @param onEpoch told of each epoch the reader moves to
 */
export function scrubber(initial: number, onEpoch: (epoch: number) => void): Scrubber {
  let epoch = initial;
  let end = 0;
  let given: readonly number[] = [];
  let stops: readonly number[] = [0];
  const slider = element("input", { type: "range", min: 0, step: 1, "aria-label": "Epoch" });
  const readout = element("output", { class: "scrubber-epoch" });
  const node = element(
    "div",
    { class: "scrubber" },
    element("span", { class: "scrubber-label" }, "Epoch"),
    slider,
    readout,
  );
  const show = () => {
    const within = given.filter((stop) => stop <= end);
    stops = within.length > 1 ? within : Array.from({ length: 101 }, (_, i) => Math.round((i * end) / 100));
    slider.max = String(stops.length - 1);
    slider.value = String(bisectCenter(stops, epoch));
    slider.setAttribute("aria-valuetext", `epoch ${formatEpoch(epoch)}`);
    slider.style.setProperty("--share", String(stops.length > 1 ? Number(slider.value) / (stops.length - 1) : 0));
    readout.textContent = formatEpoch(epoch);
  };
  const go = (index: number) => onEpoch(stops[Math.max(0, Math.min(stops.length - 1, index))]);
  slider.addEventListener("input", () => go(Number(slider.value)));
  slider.addEventListener("keydown", (event) => {
    const step = event.key === "PageUp" ? 10 : event.key === "PageDown" ? -10 : 0;
    if (!step) return;
    event.preventDefault();
    go(Number(slider.value) + step);
  });
  return {
    node,
    set(newEpoch, newEnd) {
      if (newEpoch === epoch && newEnd === end && stops.length > 1) return;
      epoch = newEpoch;
      end = newEnd;
      show();
    },
    setStops(epochs) {
      given = epochs;
      show();
    },
  };
}
