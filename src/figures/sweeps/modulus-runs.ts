/** What the figures of the modulus sweep share: its runs, the laws through them, and their axis of primes. */
import type { CensoredEpoch } from "../../analysis/sweeps/censored-epochs.js";
import { type CensoredPowerLaw, fitCensoredPowerLaw } from "../../analysis/sweeps/censored-power-law.js";
import { fitPowerLaw, type LeastSquaresLaw, type PowerLaw } from "../../analysis/sweeps/power-law.js";
import { formatEpoch, formatNumber } from "../format.js";
import { earlierResult } from "./earlier-suite.js";
import { earlyEndInWords, fateInWords, firstPassed } from "./outcomes.js";
import { type PlacedSweep, placeCells, type Sweep } from "./sweep.js";
import type { SweepRow } from "./sweep-rows.js";

export interface ModulusRun extends CensoredEpoch {
  run: string;
  /** p */
  modulus: number;
  /** log10 p, plus a little where seeds stand side by side. */
  x: number;
  row: SweepRow;
  words: string;
}

export interface ModulusRuns {
  placed: PlacedSweep;
  runs: ModulusRun[];
  /** Through the runs that grokked; null for too few. */
  plain: LeastSquaresLaw | null;
  /** Through all of them; null for too few that grokked. */
  censored: CensoredPowerLaw | null;
}

/** Distance between seeds of one prime, in decades. */
const APART = 0.012;

export function modulusRuns(sweep: Sweep, rows: readonly SweepRow[]): ModulusRuns {
  const placed = placeCells(sweep, rows);
  const runs = placed.cells.flatMap((cell) =>
    cell.runs.map(
      (row, i): ModulusRun => ({
        run: row.run,
        modulus: row.modulus,
        x: cell.x + (i - (cell.runs.length - 1) / 2) * APART,
        epoch: firstPassed(row) ?? row.ended,
        happened: row.grokked !== null,
        row,
        words: runWords(row),
      }),
    ),
  );
  const points = runs.map(({ modulus, epoch, happened }) => ({ x: modulus, epoch, happened }));
  return {
    placed,
    runs,
    plain: fitPowerLaw(points.filter(({ happened }) => happened).map(({ x, epoch }) => ({ x, epochs: epoch }))),
    censored: fitCensoredPowerLaw(points),
  };
}

function runWords(row: SweepRow): string {
  const lines = [
    `p = ${row.modulus}, seed ${row.seed}`,
    fateInWords(row),
    earlyEndInWords(row) ?? `complete: ${formatEpoch(row.ended)} epochs`,
    `${formatEpoch(row.train_pairs)} training pairs`,
    row.key_frequencies === null ? "no key frequencies" : `${row.key_frequencies} key frequencies`,
  ];
  return [...lines, "click to open this run"].join("\n");
}

/** The law through the earlier suite's own runs of the grid's cells; null for too few. */
export function earlierLaw({ grid }: Sweep): LeastSquaresLaw | null {
  const points = grid.cells.flatMap(({ config }) => {
    const epochs = earlierResult(config)?.epoch ?? null;
    return epochs === null ? [] : [{ x: config.modulus, epochs }];
  });
  return fitPowerLaw(points);
}

/** The largest prime of the grid up to which no run of the earlier suite groks; null where the smallest does, or none is known. */
export function earlierNeverUpTo({ grid }: Sweep): number | null {
  const known = grid.cells
    .flatMap(({ config }) => {
      const earlier = earlierResult(config);
      return earlier ? [{ modulus: config.modulus, epoch: earlier.epoch }] : [];
    })
    .sort((a, b) => a.modulus - b.modulus);
  const first = known.findIndex(({ epoch }) => epoch !== null);
  return known.slice(0, first < 0 ? known.length : first).at(-1)?.modulus ?? null;
}

/** "p^−1.4", as a reader of plain text takes it. */
export const lawText = ({ exponent }: Pick<PowerLaw, "exponent">) => `p to the power ${formatNumber(exponent, 2)}`;

/** "−2.5 to −0.8"; an end that the data do not bound is named so. */
export function intervalText({ interval: [low, high] }: Pick<PowerLaw, "interval">): string {
  const end = (value: number | null) => (value === null ? "no bound" : formatNumber(value, 2));
  return `${end(low)} to ${end(high)}`;
}

/** Whether the interval leaves it open that the time to grok does not depend on p at all. */
export const includesZero = ({ interval: [low, high] }: Pick<PowerLaw, "interval">) =>
  (low === null || low <= 0) && (high === null || high >= 0);
