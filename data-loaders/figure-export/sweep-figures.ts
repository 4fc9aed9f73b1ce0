/** All figures of a sweep as files, and what each says. */
import { SWEEP_FIGURES } from "../../src/figures/sweeps/all.js";
import { lastEpoch } from "../../src/figures/sweeps/sweep.js";
import { SWEEPS } from "../experiments/sweeps.js";
import type { StoredRun } from "../run-store/store.js";
import { randomSparsity } from "../tables/random-sparsity.js";
import { curveRows, sweepGrids, sweepRows } from "../tables/sweep-tables.js";
import { type ExportedFigure, exportPicture, type Format } from "./export-figures.js";

/** Names of the sweeps that have figures. */
export const SWEEP_NAMES = [...SWEEP_FIGURES.keys()];

/**
 * Draws the figures of a sweep as its page opens.
 *
 * @param name one of SWEEP_NAMES
 * @param runs what is stored; other runs than the sweep's may be among them
 */
export function exportSweep(
  name: string,
  runs: readonly StoredRun[],
  formats: readonly Format[],
  onFigure: (figure: ExportedFigure) => void,
): { figures: ExportedFigure[]; files: Map<string, Uint8Array> } {
  const sweeps = SWEEPS.filter((sweep) => sweep.name === name);
  const { page, quantity, figures } = SWEEP_FIGURES.get(name)!;
  const [grid] = sweepGrids(runs, sweeps);
  const sweep = { grid, quantity };
  const data = { rows: sweepRows(runs, sweeps), curves: curveRows(runs, sweeps), random: randomSparsity() };
  const choices = { epoch: lastEpoch(sweep), scale: "log", measure: "accuracy" } as const;
  const files = new Map<string, Uint8Array>();
  const exported = figures.map((make, i) => {
    const figure = make(sweep, i + 1);
    const { id, number } = figure;
    const shared = { id, number, page, model: "sweep" } as const;
    const done = exportPicture(shared, figure, data, choices, formats);
    for (const [file, bytes] of done.drawn) files.set(file, bytes);
    onFigure(done.exported);
    return done.exported;
  });
  return { figures: exported, files };
}
