import { ALL_OPERATIONS, sweep } from "./sweep-grid.js";

const DEPTHS = [1, 2, 3];

export const depth = sweep(
  "depth",
  "Does depth help or hurt, and is what looked like harm the work of float32 losses? Five operations at three depths.",
  ALL_OPERATIONS.flatMap((operation) => DEPTHS.map((layers) => ({ operation, layers }))),
);
