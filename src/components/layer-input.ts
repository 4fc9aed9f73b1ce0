/** A choice of the layer that is looked at, for runs that have more than one. */
import * as Inputs from "@observablehq/inputs";
import type { RunSummary } from "../figures/run-summary.js";
import { bindInput } from "./control-bar.js";
import type { PageState } from "./page-state.js";
import { type Choices, integerWithin, type Parameter } from "./url-state.js";

/** The page's choice `layer`, counted from 1: the last layer at first. */
export function layerParameter(shownRun: (earlier: Choices) => RunSummary | undefined): Parameter<number> {
  const layers = (earlier: Choices) => shownRun(earlier)?.config.layers ?? 1;
  return integerWithin((earlier) => [1, layers(earlier)], layers);
}

/** Its input; none for a run of one layer. */
export function layerInput<S extends { layer: number } & Choices>(
  state: PageState<S>,
  run: RunSummary | undefined,
): HTMLElement[] {
  const layers = run?.config.layers ?? 1;
  if (layers < 2) return [];
  const input = Inputs.range([1, layers], { label: "Layer", step: 1, value: state.values.layer });
  return [bindInput(state, "layer", input as HTMLElement & { value: S["layer"] })];
}
