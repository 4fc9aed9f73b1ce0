import { over, sweep } from "./sweep-grid.js";

export const trainFraction = sweep(
  "train-fraction",
  "With fewer pairs memory is cheaper: where is the least share that groks, and from where is there no delay? Fractions " +
    "around 0.3 are close together because the paper's released curves put the edge there.",
  over("train_fraction", [0.05, 0.1, 0.2, 0.25, 0.28, 0.3, 0.4, 0.5, 0.6, 0.7]),
);
