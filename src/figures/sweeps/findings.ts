/** What the runs of a sweep say, in sentences for its page: every number computed, null where there are too few runs. */
import { censoredAt, medianEpoch } from "../../analysis/sweeps/censored-epochs.js";
import { fitCensoredPowerLaw } from "../../analysis/sweeps/censored-power-law.js";
import { fitPowerLaw } from "../../analysis/sweeps/power-law.js";
import { formatEpoch, formatList, formatNumber } from "../format.js";
import { SEEDS_APART } from "./earlier-suite.js";
import { intervalText } from "./modulus-runs.js";
import {
  faltered,
  fateOf,
  firstPassed,
  groksAtAll,
  leastTypicalEpoch,
  namedCells,
  shareThatGroks,
  typicalEpoch,
  waitedUntil,
} from "./outcomes.js";
import { type PlacedCell, placeCells, type Sweep } from "./sweep.js";
import type { SweepRow } from "./sweep-rows.js";

const epochRange = (epochs: readonly number[]) => {
  const [low, high] = [Math.min(...epochs), Math.max(...epochs)];
  return low === high ? `at epoch ${formatEpoch(low)}` : `between epochs ${formatEpoch(low)} and ${formatEpoch(high)}`;
};

const runsInWords = (count: number) => (count === 1 ? "The one run" : `All ${formatEpoch(count)} runs`);

/** When training pairs are memorized. */
export function memorySentence(rows: readonly SweepRow[]): string | null {
  if (!rows.length) return null;
  const epochs = rows.flatMap(({ memorized }) => (memorized === null ? [] : [memorized]));
  if (!epochs.length) return "No run has memorized its training pairs.";
  const forgot = rows.filter((run) => fateOf(run) === "forgot").length;
  const lost = forgot ? `; ${forgot} of them ${forgot === 1 ? "loses" : "lose"} them again` : "";
  if (epochs.length === rows.length) {
    const memorize = rows.length === 1 ? "memorizes its" : "memorize their";
    return `${runsInWords(rows.length)} ${memorize} training pairs, ${epochRange(epochs)}${lost}.`;
  }
  return `${epochs.length} of ${rows.length} runs memorize their training pairs, ${epochRange(epochs)}${lost}; the others do not.`;
}

/** Which runs were stopped before their last epoch, and by what rule. */
export function stopSentence(rows: readonly SweepRow[]): string | null {
  const early = rows.filter(({ ended_reason }) => ended_reason === "early");
  if (!early.length) return null;
  const after = early.flatMap(({ ended, grokked }) => (grokked === null ? [] : [ended - grokked]));
  const waiting = early.flatMap(({ ended, grokked }) => (grokked === null ? [ended] : []));
  const span = (values: readonly number[]) =>
    [...new Set([Math.min(...values), Math.max(...values)])].map(formatEpoch).join(" to ");
  const rules = [
    ...(after.length
      ? [`${after.length} once ${after.length > 1 ? "they" : "it"} had grokked, ${span(after)} epochs later`]
      : []),
    ...(waiting.length ? [`${waiting.length} that had not, at epoch ${span(waiting)}`] : []),
  ];
  return `${early.length} of ${rows.length} runs ${early.length > 1 ? "were stopped before their" : "was stopped before its"} last epoch to save time: ${rules.join("; ")}.`;
}

/**
 * How the epoch to grok goes with a quantity: the exponent with its interval over the runs that grok, and, where others
 * had not when they ended, over all of them. Runs at 0 have no place in a power law and are named.
 */
export function lawSentence(rows: readonly SweepRow[], value: (row: SweepRow) => number, name: string): string | null {
  const placed = rows.filter((row) => value(row) > 0);
  const points = placed.map((row) => ({ x: value(row), ...censoredAt(firstPassed(row), row.ended) }));
  const there = points.filter(({ happened }) => happened);
  const law = fitPowerLaw(there.map(({ x, epoch }) => ({ x, epochs: epoch })));
  if (!law) return null;
  const first = `Over the ${there.length} runs that grok, the epoch goes as ${name} to the power ${formatNumber(law.exponent, 2)} (95\u00a0% interval ${intervalText(law)})`;
  const stopped = points.length - there.length;
  const all = stopped ? fitCensoredPowerLaw(points) : null;
  const others = `the ${stopped} that had not when ${stopped > 1 ? "they" : "it"} ended`;
  const second = all
    ? `; with ${others}, as if all grokked in the end, to the power ${formatNumber(all.exponent, 2)} (${intervalText(all)})`
    : stopped
      ? `; ${others} ${stopped > 1 ? "are" : "is"} left out`
      : "";
  const zero = rows.length - placed.length;
  const left = zero ? ` At 0 there is no such law: ${zero} ${zero > 1 ? "runs are" : "run is"} not in it.` : "";
  const wavering = placed.filter(faltered).length;
  const counted = wavering
    ? ` ${wavering === 1 ? "One of them was" : `${wavering} of them were`} past 95\u00a0% before and fell back in between: there the first time counts.`
    : "";
  return `${first}${second}.${left}${counted}`;
}

/** How far seeds of one cell lie apart, where it has most of them. */
export function seedSentence(sweep: Sweep, rows: readonly SweepRow[]): string | null {
  const epochsOf = ({ runs }: PlacedCell) => runs.flatMap((run) => firstPassed(run) ?? []);
  const cells = placeCells(sweep, rows).cells.map((cell) => ({ cell, epochs: epochsOf(cell) }));
  const most = cells.reduce((best, each) => (each.epochs.length > best.epochs.length ? each : best), cells[0]);
  if (!most || most.epochs.length < 2) return null;
  const [low, high] = [Math.min(...most.epochs), Math.max(...most.epochs)];
  const apart = formatNumber(high / low, 2);
  const others = formatNumber(SEEDS_APART.to / SEEDS_APART.from, 2);
  return `Seeds matter too: ${most.epochs.length} runs with ${most.cell.words} pass 95\u00a0% from epoch ${formatEpoch(low)} to ${formatEpoch(high)}, a factor of ${apart}; ${SEEDS_APART.seeds} of the main model in another replication lay a factor of ${others} apart. A difference between cells that is smaller than that says little.`;
}

/**
 * Epochs from memorized to grokked, over the epoch of memorized, of the median run: at most 0 where both come together.
 * Null where the runs do not reach the median.
 */
function delayRatio({ runs }: PlacedCell): number | null {
  const delays = runs.flatMap((run) => {
    const { memorized } = run;
    if (!memorized) return [];
    const { epoch, happened } = censoredAt(firstPassed(run), run.ended);
    return [{ epoch: (epoch - memorized) / memorized, happened }];
  });
  return medianEpoch(delays);
}

/** Where a sweep over an ordered quantity begins to grok, and how long the wait is from there to its other end. */
export function edgeSentence(sweep: Sweep, rows: readonly SweepRow[]): string | null {
  const { cells } = placeCells(sweep, rows);
  const trained = cells.filter(({ runs }) => runs.length > 0);
  const groks = trained.filter(groksAtAll);
  if (groks.length < 2) return null;
  const [first] = groks;
  const below = trained.slice(0, trained.indexOf(first));
  const not = below.length
    ? ` (${namedCells(below.map(({ words }) => words))} ${below.length > 1 ? "do" : "does"} not by epoch ${formatEpoch(waitedUntil(below))})`
    : "";
  const above = trained.slice(trained.indexOf(first)).filter((cell) => !groksAtAll(cell));
  const gaps = above.length
    ? ` Above it ${namedCells(above.map(({ words }) => words))} ${above.length > 1 ? "do" : "does"} not by epoch ${formatEpoch(waitedUntil(above))}.`
    : "";
  const of = trained.length < cells.length ? `Of the ${trained.length} cells trained so far the` : "The";
  const part = typicalEpoch(first) === null ? `, in ${shareThatGroks(first)}` : "";
  const edge = `${of} least that groks is ${first.words}${part}${not}.${gaps}`;
  const delays = groks.flatMap((cell) => {
    const ratio = delayRatio(cell);
    return ratio === null ? [] : [{ cell, ratio }];
  });
  const ends = delays.length > 1 ? [delays[0], delays[delays.length - 1]] : delays;
  return [edge, ...ends.map(({ cell, ratio }) => waitInWords(cell.words, ratio))].join(" ");
}

const waitInWords = (words: string, ratio: number) =>
  ratio > 0
    ? `With ${words} the wait after memorizing is ${Math.abs(ratio - 1) < 0.05 ? "about" : `${formatNumber(ratio, 2)} times`} as long as memorizing took.`
    : `With ${words} there is no wait: it groks no later than it memorizes.`;

/** Spikes of the training loss, and what was lost to them. */
export function spikeSentence(sweep: Sweep, rows: readonly SweepRow[]): string | null {
  if (!rows.length) return null;
  const spiky = rows.filter(({ loss_spikes }) => loss_spikes > 0);
  if (!spiky.length) return `None of the ${rows.length} runs has a spike of its training loss.`;
  const cells = placeCells(sweep, rows).cells.filter(({ runs }) => runs.some(({ loss_spikes }) => loss_spikes > 0));
  const total = spiky.reduce((sum, { loss_spikes }) => sum + loss_spikes, 0);
  const fell = rows.filter((run) => fateOf(run) === "collapsed").length;
  const lost = fell
    ? `${fell} of the runs ${fell > 1 ? "had" : "has"} passed 95\u00a0% and fallen back by the end`
    : "no run has fallen back for good";
  return `${spiky.length} of ${rows.length} runs ${spiky.length > 1 ? "have spikes of their" : "has spikes of its"} training loss, ${formatEpoch(total)} in all (${namedCells(cells.map(({ words }) => words))}); ${lost}.`;
}

/**
 * For each panel of the sweep the cells against its first one. sooner: its median is before every run of the first, also
 * those that were stopped; later: its median cannot be before the last of them; level: it lies among them; open: runs
 * were stopped too early, or are missing.
 */
export function againstFirst(sweep: Sweep, rows: readonly SweepRow[]) {
  const { cells, panels } = placeCells(sweep, rows);
  const counts = { sooner: 0, later: 0, level: 0, open: 0 };
  for (const panel of panels) {
    const [first, ...others] = cells.filter((cell) => cell.panel === panel);
    const base = first.runs.map((run) => censoredAt(firstPassed(run), run.ended));
    const [low, high] = [Math.min(...base.map(({ epoch }) => epoch)), Math.max(...base.map(({ epoch }) => epoch))];
    const known = base.length > 0 && base.every(({ happened }) => happened);
    for (const cell of others) {
      const [epoch, least] = [typicalEpoch(cell), leastTypicalEpoch(cell)];
      if (epoch !== null && base.length && epoch < low) counts.sooner++;
      else if (known && least !== null && (least > high || (epoch === null && least === high))) counts.later++;
      else if (known && epoch !== null) counts.level++;
      else counts.open++;
    }
  }
  return counts;
}

/** The same in words, for deeper models against one layer. */
export function depthSentence({ sooner, later, level, open }: ReturnType<typeof againstFirst>): string {
  const known = sooner + later + level;
  if (!known)
    return `Whether depth helps cannot be said yet: none of the ${open} deeper cells can be compared with one layer.`;
  const parts = [
    ...(sooner ? [`${sooner} ${sooner === 1 ? "groks" : "grok"} sooner than any run with one layer`] : []),
    ...(later ? [`${later} later than all of them`] : []),
    ...(level ? [`${level} ${level === 1 ? "lies" : "lie"} among its seeds, no clear difference`] : []),
    ...(open ? [`${open} cannot be compared yet`] : []),
  ];
  return `Of the ${known + open} deeper cells ${formatList(parts)}.`;
}
