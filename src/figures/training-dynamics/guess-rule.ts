/** The loss of a model that knows nothing. */
import * as Plot from "@observablehq/plot";
import type { FigureOptions } from "../figure.js";
import type { RunSummary } from "../run-summary.js";

/** Cross-entropy of the uniform distribution over the p answers, in nats: log p. */
export const guessLoss = ({ config }: Pick<RunSummary, "config">) => Math.log(config.modulus);

/** A dotted rule at that loss. */
export const guessRule = (run: Pick<RunSummary, "config">, { theme }: FigureOptions): Plot.Markish[] => [
  Plot.ruleY([guessLoss(run)], { stroke: theme.muted, strokeDasharray: "1 4", strokeLinecap: "round" }),
];
