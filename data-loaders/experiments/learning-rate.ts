import { over, sweep } from "./sweep-grid.js";

export const learningRate = sweep(
  "learning-rate",
  "AdamW shrinks weights by learning rate times weight decay: is a higher rate only a faster clock, and is there a " +
    "rate that breaks training?",
  over("learning_rate", [1e-4, 3e-4, 1e-3, 2e-3, 3e-3, 1e-2]),
);
