import { ALL_OPERATIONS, over, sweep } from "./sweep-grid.js";

export const operations = sweep(
  "operations",
  "Which operations does the same model learn, how long does each take, and in which basis is what it learns sparse?",
  over("operation", ALL_OPERATIONS),
);
