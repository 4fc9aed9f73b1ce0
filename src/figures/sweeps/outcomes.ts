/** What became of a run of a sweep, and of a cell. */
import { censoredAt, type EpochSummary, leastMedian, summarizeEpochs } from "../../analysis/sweeps/censored-epochs.js";
import { formatEpoch, formatList, formatPercent } from "../format.js";
import type { PlacedCell, Sweep, SweptFields } from "./sweep.js";
import { sweepCommandLine } from "./sweep.js";
import type { SweepRow } from "./sweep-rows.js";

/**
 * grokked: test accuracy passed 95 % and stayed; collapsed: it passed and did not stay; forgot: it never passed, and the
 * training pairs, once memorized, were lost too; waiting: it had not passed where the run ended.
 */
export type Fate = "grokked" | "collapsed" | "forgot" | "waiting";

/** A run has lost its training pairs if it ends with fewer of them right. */
const REMEMBERED = 0.5;

type Ends = Pick<SweepRow, "memorized" | "grokked" | "first_crossing" | "final_train_accuracy">;

export function fateOf({ memorized, grokked, first_crossing, final_train_accuracy }: Ends): Fate {
  if (grokked !== null) return "grokked";
  if (first_crossing !== null) return "collapsed";
  return memorized !== null && final_train_accuracy < REMEMBERED ? "forgot" : "waiting";
}

/** The epoch at which a run that groks was first past 95 %; null for one that does not grok. */
export const firstPassed = ({
  grokked,
  first_crossing,
}: Pick<SweepRow, "grokked" | "first_crossing">): number | null =>
  grokked === null ? null : (first_crossing ?? grokked);

/** Whether a run that groks had been past 95 % before, and fell back in between. */
export const faltered = (run: Pick<SweepRow, "grokked" | "first_crossing">): boolean =>
  run.grokked !== null && run.grokked !== firstPassed(run);

/** What became of a run, in a few words. */
export function fateInWords(run: SweepRow): string {
  const fate = fateOf(run);
  if (fate === "grokked") {
    const before = faltered(run) ? `, first past 95\u00a0% at ${formatEpoch(firstPassed(run) as number)}` : "";
    return `groks at ${formatEpoch(run.grokked as number)}${before}`;
  }
  if (fate === "forgot")
    return `forgets: ${formatPercent(run.final_train_accuracy)} of its training pairs right at the end`;
  return fate === "waiting"
    ? `not grokked by ${formatEpoch(run.ended)}`
    : `passes 95\u00a0% at ${formatEpoch(run.first_crossing as number)}, falls back`;
}

/** Where a run ended before its last epoch, and why; null for a complete one. */
export function earlyEndInWords({ ended, ended_reason, grokked }: SweepRow): string | null {
  const at = formatEpoch(ended);
  if (ended_reason === "not_finite") return `broke off at ${at}: the loss was not a number`;
  if (ended_reason !== "early") return null;
  return grokked === null ? `stopped at ${at}` : `stopped at ${at}, ${formatEpoch(ended - grokked)} after it grokked`;
}

/** Epochs to grok of a cell's runs, first passed; those that did not grok are censored where they ended. */
export const epochsOf = (runs: readonly SweepRow[]): EpochSummary =>
  summarizeEpochs(runs.map((run) => censoredAt(firstPassed(run), run.ended)));

/** The one epoch that stands for a cell that groks: the median of its runs; null where they do not reach it. */
export const typicalEpoch = ({ runs }: Pick<PlacedCell, "runs">): number | null => epochsOf(runs).median;

/** An epoch before which a cell does not grok, whatever its stopped runs would have done; null without runs. */
export const leastTypicalEpoch = ({ runs }: Pick<PlacedCell, "runs">): number | null =>
  leastMedian(runs.map((run) => censoredAt(firstPassed(run), run.ended)));

/** Whether any run of a cell groks. */
export const groksAtAll = ({ runs }: Pick<PlacedCell, "runs">): boolean => runs.some(({ grokked }) => grokked !== null);

/** "1 of 3 runs" of a cell grok. */
export const shareThatGroks = ({ runs }: Pick<PlacedCell, "runs">): string =>
  `${runs.filter(({ grokked }) => grokked !== null).length} of ${runs.length} runs`;

/** The epoch by which no run of these cells has grokked, said of cells in which none has. */
export const waitedUntil = (cells: readonly Pick<PlacedCell, "runs">[]): number =>
  Math.min(...cells.flatMap(({ runs }) => runs.map(({ ended }) => ended)));

const counted = (count: number, one: string, many = `${one}s`) => `${count} ${count === 1 ? one : many}`;

export interface Inventory {
  /** "5 of 8 cells are trained, with 1 to 3 seeds each." */
  text: string;
  /** The cells that are missing, in words; empty where all are there. */
  missing: string[];
  /** Trains them. */
  command: string;
}

/** What of a grid is there and what is not, from the grid alone. */
export function inventoryOf(sweep: Sweep): Inventory {
  const { cells } = sweep.grid;
  const seeds = cells.map((cell) => cell.seeds.length).filter((count) => count > 0);
  const [least, most] = [Math.min(...seeds), Math.max(...seeds)];
  const each = least === most ? `${counted(least, "seed")} each` : `${least} to ${counted(most, "seed")} each`;
  const missing = cells.filter((cell) => !cell.seeds.length).map(({ config }, i) => nameOf(sweep, config, i > 0));
  const trained = missing.length
    ? `${seeds.length} of ${cells.length} cells are trained`
    : `All ${cells.length} cells are trained`;
  return {
    text: seeds.length ? `${trained}, with ${each}.` : `None of the ${cells.length} cells is trained yet.`,
    missing,
    command: sweepCommandLine(sweep),
  };
}

/** A cell in a list of them: what it shares with the one before, "weight decay", is said once. */
function nameOf({ quantity }: Sweep, config: SweptFields, again: boolean): string {
  const words = quantity.words(config);
  const tick = quantity.tick(config);
  return again && !quantity.panel && words.endsWith(` ${tick}`) ? tick : words;
}

/** Up to `most` of the cells by name, then how many more. */
export function namedCells(names: readonly string[], most = 3): string {
  if (names.length <= most) return formatList(names);
  return `${names.slice(0, most - 1).join(", ")} and ${names.length - most + 1} more`;
}
