/** What the figure of epochs to grok claims: which cells grok, when, and what became of the others. */
import { formatEpoch } from "../format.js";
import {
  type Fate,
  faltered,
  fateOf,
  groksAtAll,
  namedCells,
  shareThatGroks,
  typicalEpoch,
  waitedUntil,
} from "./outcomes.js";
import { type PlacedCell, placeCells, type Sweep, type SweepTables } from "./sweep.js";

/** Trained cells by what became of them: parted ones grok in some runs, but in too few for a median. */
export function sortedCells(cells: readonly PlacedCell[]) {
  const trained = cells.filter(({ runs }) => runs.length > 0);
  const grokked = trained
    .flatMap((cell) => {
      const epoch = typicalEpoch(cell);
      return epoch === null ? [] : [{ cell, epoch }];
    })
    .sort((a, b) => a.epoch - b.epoch);
  const parted = trained.filter((cell) => typicalEpoch(cell) === null && groksAtAll(cell));
  const others = trained.filter((cell) => !groksAtAll(cell));
  const some = (fate: Fate) => others.filter(({ runs }) => runs.some((run) => fateOf(run) === fate));
  const fell = some("collapsed");
  const forgot = some("forgot").filter((cell) => !fell.includes(cell));
  const waiting = others.filter((cell) => !fell.includes(cell) && !forgot.includes(cell));
  return { trained, grokked, parted, fell, forgot, waiting };
}

export function epochsClaim(sweep: Sweep, { rows }: Pick<SweepTables, "rows">): string {
  const { cells } = placeCells(sweep, rows);
  const { trained, grokked, parted, fell, forgot, waiting } = sortedCells(cells);
  const count = cells.length;
  if (!trained.length) return `None of the ${count} cells is trained yet`;
  const [fast, slow] = [grokked[0], grokked.at(-1)];
  if (trained.length === 1) {
    const does = parted.length ? `groks in ${shareThatGroks(parted[0])}` : "does not grok within its runs";
    return `Only one of ${count} cells is trained yet: ${trained[0].words} ${fast ? `groks, at epoch ${formatEpoch(fast.epoch)}` : does}`;
  }
  const of = trained.length < count ? `${trained.length} trained cells of ${count}` : `${count} cells`;
  const parts: string[] = [];
  if (!fast || !slow) parts.push(`None of the ${of} groks ${parted.length ? "in most of" : "within"} its runs`);
  else if (fast === slow) parts.push(`Of the ${of} one groks: ${fast.cell.words}, at epoch ${formatEpoch(fast.epoch)}`);
  else {
    const all = grokked.length === trained.length ? `All ${of} grok` : `${grokked.length} of the ${of} grok`;
    const from = `from epoch ${formatEpoch(fast.epoch)} (${fast.cell.words})`;
    parts.push(`${all}, ${from} to ${formatEpoch(slow.epoch)} (${slow.cell.words})`);
  }
  const wavering = grokked.filter(({ cell }) => cell.runs.some(faltered));
  for (const { cell } of wavering.slice(0, 2)) {
    const last = Math.max(...cell.runs.filter(faltered).map(({ grokked }) => grokked as number));
    parts.push(`${cell.words} falls back in between, and stays from ${formatEpoch(last)}`);
  }
  if (parted.length) {
    const each = parted.map((cell) => `${cell.words} (${shareThatGroks(cell)})`);
    parts.push(`${namedCells(each)} ${parted.length > 1 ? "grok" : "groks"} in some runs`);
  }
  if (fell.length) {
    const does = fell.length > 1 ? "pass 95\u00a0% and fall back" : "passes 95\u00a0% and falls back";
    parts.push(`${namedCells(fell.map(({ words }) => words))} ${does}`);
  }
  if (forgot.length) {
    const does = forgot.length > 1 ? "memorize and forget" : "memorizes and forgets";
    parts.push(`${namedCells(forgot.map(({ words }) => words))} ${does}`);
  }
  if (waiting.length && fast) {
    const does = waiting.length > 1 ? "do" : "does";
    parts.push(
      `${namedCells(waiting.map(({ words }) => words))} ${does} not by epoch ${formatEpoch(waitedUntil(waiting))}`,
    );
  }
  return parts.join("; ");
}
