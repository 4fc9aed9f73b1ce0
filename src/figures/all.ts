/** All figures in their order: where each stands and what it is drawn from. Exports and tests go by this list. */
import type { Phases } from "../analysis/phases.js";
import type { MetricsRow, ProgressRow, SpectraRow } from "../training/run-record.js";
import type { Figure } from "./figure.js";
import type { RunSummary } from "./run-summary.js";
import { grokkingCurves } from "./training-dynamics/grokking-curves.js";
import { phaseBoundaries } from "./training-dynamics/phase-boundaries.js";
import { progressMeasures } from "./training-dynamics/progress-measures.js";

/** A run's tables, as a page queries them. */
export interface RunTables {
  run: RunSummary;
  metrics: MetricsRow[];
  progress: ProgressRow[];
  spectra: SpectraRow[];
  phases: Phases;
}

/** How a figure gets its data; `figure.id` names its derivation in the registry. */
export type FigureSource =
  | {
      /** Tables of the whole run. Its null twin is the run without weight decay. */
      from: "tables";
      data(tables: RunTables): object;
    }
  | {
      /** One checkpoint, or some of them, by a derivation. Its null twins are random weights and the memorized run. */
      from: "checkpoint" | "checkpoints";
      /** What the tables add. */
      also?(tables: RunTables): object;
    };

export interface FigureEntry {
  figure: Figure<object>;
  /** Path of its page. */
  page: string;
  source: FigureSource;
  /** Moves with the shared epoch as a whole, so that it can be exported as an animation. */
  moves?: boolean;
}

/** Order and numbers are those of the site. */
export const ALL_FIGURES: readonly FigureEntry[] = [
  { figure: grokkingCurves, page: "/training-dynamics", source: { from: "tables", data: (tables) => tables } },
  { figure: progressMeasures, page: "/training-dynamics", source: { from: "tables", data: (tables) => tables } },
  { figure: phaseBoundaries, page: "/training-dynamics", source: { from: "tables", data: (tables) => tables } },
];
