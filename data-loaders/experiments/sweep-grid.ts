/** How the sweeps are written: the main model with a few fields changed, cell by cell, slim runs. */
import { type Operation, parseConfig, type RunConfig } from "../../src/model/config.js";
import { type Experiment, SLIM } from "./experiment.js";

/** A sweep. Its cells have seed 0; further seeds are further samples of the same cell. */
export function sweep(name: string, reason: string, changes: readonly Partial<RunConfig>[]): Experiment {
  return { name, reason, cells: changes.map((fields) => ({ config: parseConfig(fields), keep: SLIM })) };
}

/** The values of one field, all else as in the main model. */
export const over = <Field extends keyof RunConfig>(field: Field, values: readonly RunConfig[Field][]) =>
  values.map((value) => ({ [field]: value }) as Partial<RunConfig>);

/** In the order of the earlier suite's tables. */
export const ALL_OPERATIONS: readonly Operation[] = ["add", "subtract", "multiply", "squares", "cubic"];
