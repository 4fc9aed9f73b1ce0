/** The end of a sweep's page: the earlier suite's results beside ours, cell by cell, each with its verdict. */
import { formatEpoch, formatPercent } from "../figures/format.js";
import {
  type ComparisonRow,
  compareGrid,
  comparisonClaim,
  KEPT_ACCURACY,
  overall,
  type Verdict,
  WITHIN_FACTOR,
} from "../figures/sweeps/comparison.js";
import { EARLIER_SUITE, type EarlierResult, SEEDS_APART } from "../figures/sweeps/earlier-suite.js";
import { sweepCommandLine } from "../figures/sweeps/sweep.js";
import type { SweepGrid, SweepRow } from "../figures/sweeps/sweep-rows.js";
import type { RunConfig } from "../model/config.js";
import { element, richText } from "./elements.js";
import { failureOf } from "./loading.js";
import { runAddress } from "./sweep-runs.js";

const VERDICTS: Record<Verdict, string> = {
  agrees: "agrees",
  differs: "differs",
  open: "cannot tell",
  missing: "not trained yet",
  new: "—",
};

/**
 * The comparison of a whole grid, as a section with its claim, the table and the rule.
 *
 * @param rows runs of any cells, as queried from the table `sweeps`
 * @param name names a cell; without it, by the fields that differ between the grid's cells
 */
export function comparisonTable(
  grid: SweepGrid,
  rows: readonly SweepRow[],
  name?: (config: RunConfig) => string,
): HTMLElement {
  const failure = failureOf(rows);
  if (failure) return element("p", { class: "aside" }, `The runs to compare with could not be loaded: ${failure}.`);
  const compared = compareGrid(grid, rows, name);
  const published = compared.some((row) => row.published.length > 0);
  const sources = [...new Set(compared.flatMap((row) => row.published.map(({ source }) => source)))];
  const head = ["cell", "earlier suite", ...(published ? ["published"] : []), "ours, by seed", "median", "verdict"];
  const table = element(
    "table",
    { class: "comparison", role: "table" },
    element("thead", {}, element("tr", { role: "row" }, ...head.map(columnHead))),
    element("tbody", { role: "rowgroup" }, ...compared.map((row) => tableRow(row, head, sources))),
  );
  return element(
    "section",
    { class: "comparison-section" },
    element("p", { class: "comparison-claim" }, `${comparisonClaim(compared)}.`),
    element(
      "div",
      { class: "table-scroll", tabindex: 0, role: "region", "aria-label": "Comparison, cell by cell" },
      table,
    ),
    ...sources.map((source, i) => element("p", { class: "aside" }, `${mark(i)} ${source}.`)),
    element("p", { class: "aside" }, RULE),
    ...missingNote(grid, compared),
  );
}

// Roles are written out: where a narrow page makes rows into cards, browsers forget that they are a table's.
const columnHead = (name: string) => element("th", { scope: "col", role: "columnheader" }, name);

const RULE =
  `Epochs are the first with a test accuracy of 95 %, the way the earlier suite (${EARLIER_SUITE.source}) counted; “>” is a ` +
  "run that was stopped there without it. The rule: two epochs agree if our median is within a factor " +
  `${WITHIN_FACTOR} of the earlier one (so far apart lie ${SEEDS_APART.seeds} seeds of the main model in another replication), ` +
  "or if that lies between our seeds. Where the earlier run lost it again, ours agrees " +
  `if most of its runs end below ${formatPercent(KEPT_ACCURACY, 0)} too. A run that was stopped too early for either decides nothing.`;

const mark = (index: number) => "*†‡§"[index] ?? `(${index + 1})`;

/** @param head names of the columns, which a narrow page writes before each value */
function tableRow(row: ComparisonRow, head: readonly string[], sources: readonly string[]): HTMLTableRowElement {
  const { name, earlier, runs, ours, epoch, end } = row;
  const verdict = overall(row);
  const reasons = [epoch, ...(end ? [end] : [])].map(({ reason }) => reason).join("; ");
  const cells: (Node | string)[][] = [
    [earlier ? earlierText(earlier) : "—"],
    ...(sources.length
      ? [[row.published.map(({ text, source }) => `${text}\u00a0${mark(sources.indexOf(source))}`).join("; ") || "—"]]
      : []),
    runs.length ? runs.flatMap((run, i) => [...(i ? [" · "] : []), runLink(run)]) : ["—"],
    [ours.runs === 0 ? "—" : ours.median === null ? "not reached" : formatEpoch(ours.median)],
    [
      element("span", { class: `verdict verdict--${verdict}` }, VERDICTS[verdict]),
      ...(verdict === "missing" || verdict === "new"
        ? []
        : [element("span", { class: "verdict-reason" }, `: ${reasons}`)]),
    ],
  ];
  return element(
    "tr",
    { role: "row" },
    element("th", { scope: "row", role: "rowheader" }, ...richText(name)),
    ...cells.map((content, i) =>
      element(
        "td",
        { role: "cell", "data-column": head[i + 1], class: i === cells.length - 3 && "comparison-runs" },
        ...content,
      ),
    ),
  );
}

function earlierText({ epoch, finalAccuracy, collapses }: EarlierResult): string {
  const reached = epoch === null ? "never" : formatEpoch(epoch);
  if (collapses !== undefined) return `${reached}, collapses at ${formatEpoch(collapses)}`;
  return (finalAccuracy ?? 1) === 1 ? reached : `${reached}, ends at ${formatPercent(finalAccuracy as number, 0)}`;
}

/** A run's epoch, linked to the run in the pages of one run. */
function runLink({ run, seed, first_crossing, ended }: SweepRow): HTMLAnchorElement {
  const text = first_crossing === null ? `> ${formatEpoch(ended)}` : formatEpoch(first_crossing);
  return element("a", { href: runAddress(run), title: `seed ${seed}: open this run` }, text);
}

function missingNote(grid: SweepGrid, compared: readonly ComparisonRow[]): HTMLElement[] {
  const missing = compared.filter(({ runs }) => runs.length === 0).length;
  if (missing === 0) return [];
  const cells = missing === 1 ? "One cell is" : `${missing} cells are`;
  return [
    element("p", { class: "aside" }, `${cells} not trained yet. This trains what is missing:`),
    element("pre", {}, element("code", {}, sweepCommandLine({ grid }))),
  ];
}
