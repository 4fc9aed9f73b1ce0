/**
 * What the figures of whole trajectories draw from all checkpoints of a run: places of the tokens, the path of the
 * weights, and logits small enough for an animation. Worked out here, since a page would have to fetch every checkpoint.
 */
import { Binary, type DataType, Float64, Utf8 } from "apache-arrow";
import { AnalysisError } from "../../src/analysis/analysis-error.js";
import { asTwin, type ModelWeights, randomTwin, viewModel } from "../../src/analysis/model-view.js";
import { isGap } from "../../src/derivations/derivation.js";
import { joinFrames, type LogitFrames, logitFrame } from "../../src/derivations/trajectories/logit-frames.js";
import { type ParameterPath, parameterPath } from "../../src/derivations/trajectories/parameter-path.js";
import { type FieldRow, packFields } from "../../src/derivations/trajectories/stored-fields.js";
import { type TokenPaths, tokenPaths } from "../../src/derivations/trajectories/token-paths.js";
import type { Inspect } from "../../src/training/engine.js";
import { wasmInspector } from "../../src/training/wasm/inspector.js";
import { nodeWasmHost } from "../engines/wasm-host.js";
import { storedEpochs, weightsOfRun } from "../figure-export/model-views.js";
import { readCheckpoints, type StoredRun } from "../run-store/store.js";
import { encodeTable } from "../run-store/tables.js";
import { catalog } from "./catalog.js";
import { storedRuns } from "./stored-runs.js";

const FIELD_COLUMNS: { [Name in keyof FieldRow]: DataType } = {
  run: new Utf8(),
  twin: new Utf8(),
  part: new Utf8(),
  name: new Utf8(),
  type: new Utf8(),
  scale: new Float64(),
  values: new Binary(),
};

/** A path of two points has no turn. */
const SHORTEST_PATH = 3;

/**
 * All checkpoints of a run as models. A run that has no key frequencies is taken as the twin "memorized" of one that has
 * `count` of them.
 */
function modelsOf(run: StoredRun, count: number): ModelWeights[] {
  const models = weightsOfRun(run, storedEpochs(run));
  return run.record.key_frequencies ? models : models.map((model) => asTwin("memorized", model, count));
}

/** Key frequencies of the run that pages open with: as many do its twins name their own. */
function twinCount(runs: readonly StoredRun[]): number {
  const { canonical } = catalog([...runs]);
  return runs.find(({ record }) => record.key === canonical)?.record.key_frequencies?.length ?? 0;
}

/** Places of the tokens; null for a run without weights, and where the tokens have no group. */
export function tokenPathsOf(run: StoredRun, count: number, twin: "" | "random weights" = ""): TokenPaths | null {
  const models =
    twin === "" ? modelsOf(run, count) : [randomTwin(run.record.config, run.record.key_frequencies?.length ?? count)];
  const paths = models.length ? tokenPaths(models) : null;
  return paths && !isGap(paths) ? paths : null;
}

/** The path of a run's weights, with the last weights of comparable runs; null for a run with too few checkpoints. */
export function parameterPathOf(run: StoredRun, runs: readonly StoredRun[]): ParameterPath | null {
  const path = readCheckpoints(run);
  if (path.length < SHORTEST_PATH) return null;
  const others = runs
    .filter((other) => other.record.key !== run.record.key && sameSize(run, other))
    .flatMap((other) =>
      readCheckpoints(other)
        .slice(-1)
        .map((last) => ({ run: other.record.key, ...last })),
    );
  return parameterPath(path, others);
}

/** Whether two runs train models of one shape for one task. */
function sameSize({ record: { config: a } }: StoredRun, { record: { config: b } }: StoredRun): boolean {
  const fields = ["operation", "modulus", "layers", "d_model", "heads", "d_head", "d_mlp"] as const;
  return fields.every((field) => a[field] === b[field]);
}

/** Logits of every checkpoint; null for a run without weights, and where the answers have no group. */
export async function logitFramesOf(
  run: StoredRun,
  count: number,
  inspect: Inspect = wasmInspector(() => nodeWasmHost()),
): Promise<LogitFrames | null> {
  const models = modelsOf(run, count);
  if (!models.length) return null;
  try {
    const frames = [];
    for (const model of models) frames.push(logitFrame(await viewModel(model, inspect)));
    return joinFrames(
      models.map(({ epoch }) => epoch),
      frames,
    );
  } catch (error) {
    if (error instanceof AnalysisError) return null;
    throw error;
  }
}

/** trajectory.arrow: places of the tokens and paths of the weights, as rows of fields. */
export function trajectoryTable(runs = storedRuns()): Uint8Array {
  const count = twinCount(runs);
  const rows = runs.flatMap((run) => {
    const { key } = run.record;
    const tokens = (["", "random weights"] as const).flatMap((twin) => {
      const paths = tokenPathsOf(run, count, twin);
      return paths ? packFields({ run: key, twin, part: "tokens" }, paths, "int16") : [];
    });
    const path = parameterPathOf(run, runs);
    return [...tokens, ...(path ? packFields({ run: key, twin: "", part: "path" }, path, "int16") : [])];
  });
  return encodeTable(rows, FIELD_COLUMNS);
}

/** trajectory-logits.arrow: logits of every checkpoint, as rows of fields. */
export async function trajectoryLogitsTable(runs = storedRuns()): Promise<Uint8Array> {
  const count = twinCount(runs);
  const rows: FieldRow[] = [];
  for (const run of runs) {
    const frames = await logitFramesOf(run, count);
    if (frames) rows.push(...packFields({ run: run.record.key, twin: "", part: "logits" }, frames, "int8"));
  }
  return encodeTable(rows, FIELD_COLUMNS);
}
