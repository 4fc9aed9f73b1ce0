/** The quantities of the sweeps that ask for more than a time to grok: operation, decay per epoch, prime, numerics. */
import { operationLabel, writeRate } from "./quantities.js";
import type { SweptFields, SweptQuantity } from "./sweep.js";

export const operations: SweptQuantity = {
  label: "operation, mod 113",
  axis: "nominal",
  at: ({ operation }) => operation,
  tick: operationLabel,
  words: operationLabel,
};

export const modulus: SweptQuantity = {
  label: "prime p, log axis",
  axis: "log",
  at: ({ modulus: p }) => p,
  tick: ({ modulus: p }) => String(p),
  words: ({ modulus: p }) => `p = ${p}`,
  title: ({ modulus: p }) => `p = ${p}`,
};

/** λ · lr, without the rounding of its product. */
export const effectiveDecay = ({ weight_decay, learning_rate }: Pick<SweptFields, "weight_decay" | "learning_rate">) =>
  Number((weight_decay * learning_rate).toPrecision(9));

const decayGroup = (cell: SweptFields) => `λ · lr = ${writeRate(effectiveDecay(cell))}`;

export const decayAndRate = ({ weight_decay, learning_rate }: Pick<SweptFields, "weight_decay" | "learning_rate">) =>
  `λ ${weight_decay}, lr ${writeRate(learning_rate)}`;

export const effectiveWeightDecay: SweptQuantity = {
  label: "learning rate, log axis",
  axis: "log",
  at: ({ learning_rate }) => learning_rate,
  tick: ({ learning_rate }) => writeRate(learning_rate),
  words: decayAndRate,
  title: decayAndRate,
  panel: decayGroup,
};

/** The models of the numerics sweep, by what sets them apart from the main model. */
export function numericsModel({ learning_rate, layers }: Pick<SweptFields, "learning_rate" | "layers">): string {
  if (layers > 1) return `${layers} layers`;
  return learning_rate === 1e-3 ? "main model" : `learning rate ${writeRate(learning_rate)}`;
}

/** The same in few characters, above a panel. */
const shortModel = (cell: SweptFields) => {
  if (cell.layers > 1) return `${cell.layers} layers`;
  return cell.learning_rate === 1e-3 ? "main" : `rate ${writeRate(cell.learning_rate)}`;
};

export const softmaxName = ({ softmax }: Pick<SweptFields, "softmax">) => (softmax === "exact" ? "exact" : "naive");

export const numerics: SweptQuantity = {
  label: "E exact, N naive, each with β₂ 0.98, 0.999",
  axis: "nominal",
  at: ({ softmax, beta2 }) => `${beta2} ${softmax}`,
  tick: (cell) => softmaxName(cell)[0].toUpperCase(),
  words: (cell) => `${numericsModel(cell)}, ${softmaxName(cell)} softmax, β₂ ${cell.beta2}`,
  title: (cell) => `${numericsModel(cell)}: ${softmaxName(cell)}, ${cell.beta2}`,
  panel: shortModel,
  columns: 4,
};
