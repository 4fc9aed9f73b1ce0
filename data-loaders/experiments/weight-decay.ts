import { over, sweep } from "./sweep-grid.js";

export const weightDecay = sweep(
  "weight-decay",
  "Weight decay is what makes the general circuit cheaper than memory: how fast does it win, and does it without?",
  over("weight_decay", [0, 0.01, 0.1, 0.3, 0.5, 1, 2, 5]),
);
