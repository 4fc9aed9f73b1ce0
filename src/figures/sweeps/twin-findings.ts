/** How far each operation can be answered without its rule, in a sentence for the page of operations. */
import { shareWithTwin } from "../../analysis/sign-twins.js";
import { splitPairs } from "../../model/dataset.js";
import { formatList, formatPercent } from "../format.js";
import { operationLabel } from "./quantities.js";
import type { SweepGrid } from "./sweep-rows.js";

/** Of every cell's test pairs, the share with a twin among its training pairs; null for an empty grid. */
export function twinSentence({ cells }: Pick<SweepGrid, "cells">): string | null {
  if (!cells.length) return null;
  const shares = cells.map(({ config }) => ({
    name: operationLabel(config),
    share: shareWithTwin(config, splitPairs(config)),
  }));
  const parts = shares.map(({ name, share }) => `${share ? formatPercent(share, 0) : "none"} with ${name}`);
  return `In the split of seed 0 that is ${formatList(parts).replace(" with", " of the test pairs with")}.`;
}
