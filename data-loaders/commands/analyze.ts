/** `grok analyze`: what a stored run has learnt, measured again from its weights. */
import { availableParallelism } from "node:os";
import { basename, join, resolve } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { DEFAULT_THRESHOLD, KEY_RULES, type KeyRule } from "../../src/analysis/key-frequencies.js";
import { findPhases } from "../../src/analysis/phases.js";
import { sumIndex } from "../../src/analysis/sum-directions.js";
import { findMilestones } from "../../src/training/milestones.js";
import type { ProgressRow } from "../../src/training/run-record.js";
import { analyzeWeights, keysByRule, keysOfSpectra } from "../analysis/analyze-weights.js";
import { CommandError } from "../command-error.js";
import { ANALYSES, findRunFolder, OWN_STORE, REFERENCE_STORE } from "../places.js";
import {
  listRuns,
  readCheckpoints,
  readMetrics,
  readProgress,
  readRun,
  readSpectra,
  type StoredRun,
} from "../run-store/store.js";
import { writeTogether } from "../run-store/write-together.js";
import { analysisTables, type RunAnalysis } from "../tables/analysis-tables.js";
import { wholeNumber } from "./run-options.js";

interface AnalyzeOptions {
  checkpoint?: number;
  rule: KeyRule;
  threshold: number;
  threads: number;
  out?: string;
}

export function analyzeCommand(): Command {
  return new Command("analyze")
    .description("spectra, key frequencies, progress measures, phases and milestones of a stored run")
    .argument("<run>", "key of a run, its folder, or a store that holds one run")
    .option("--checkpoint <epoch>", "only the weights stored at this epoch", wholeNumber(0, 10_000_000))
    .option(
      "--rule <A|B|C>",
      "key frequencies by W_E (A), by W_L over the classes (B), or by the neurons (C)",
      rule,
      "B",
    )
    .option("--threshold <t>", "rules A and B: key above this share of the largest norm", share, DEFAULT_THRESHOLD)
    .option("--threads <n>", "threads for the logits", wholeNumber(1, 256), Math.min(8, availableParallelism()))
    .option("--out <dir>", "where the tables go (default: analysis/RUN)")
    .addHelpText(
      "after",
      `
Writes spectra.arrow, key_frequencies.arrow, progress.arrow, milestones.arrow and, without --checkpoint, phases.arrow
as Arrow IPC streams, into a new or empty folder in one step; tables that are there already are replaced one after the
other. The last line of standard output is one JSON object.

Key frequencies are those of the last weights. Spectra and progress measures are computed from every checkpoint that
is stored; by rule B with the default threshold they are those of run.json, and the stored tables fill in the epochs
whose weights are not kept.

Exit codes: 0 done; 1 a stored file is broken or the disk refuses; 2 bad input.`,
    )
    .action(runAnalyze);
}

function rule(text: string): KeyRule {
  const found = KEY_RULES.find((name) => name === text.toUpperCase());
  if (!found) throw new InvalidArgumentError(`Allowed: ${KEY_RULES.join(", ")}.`);
  return found;
}

function share(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !(value >= 0 && value < 1)) {
    throw new InvalidArgumentError("Allowed: a number from 0 and below 1.");
  }
  return value;
}

async function runAnalyze(name: string, options: AnalyzeOptions): Promise<void> {
  const run = runNamed(name);
  const { key, config } = run.record;
  sumIndex(config.operation, config.modulus); // refuses an operation without characters before anything is computed
  const analysis = await analyze(run, options);
  const suffix = options.checkpoint === undefined ? "" : `@${options.checkpoint}`;
  const out = options.out ? resolve(options.out) : join(ANALYSES, `${key}${suffix}`);
  const files = analysisTables(analysis);
  writeTogether(out, files);
  const { keys, progress, phases, milestones } = analysis;
  const line = {
    key,
    checkpoint: options.checkpoint ?? null,
    rule: options.rule,
    threshold: options.threshold,
    key_frequencies: keys,
    progress: progress.at(-1) ?? null,
    phases,
    milestones,
    folder: out,
    files: [...files.keys()],
  };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

function runNamed(name: string): StoredRun {
  const folder = findRunFolder(name);
  if (folder) return readRun(folder);
  const { runs } = listRuns(resolve(name));
  if (runs.length === 1) return runs[0];
  const allowed = `a key in ${REFERENCE_STORE} or ${OWN_STORE}, or a folder`;
  if (runs.length === 0) throw new CommandError(`no run ${name}; allowed: ${allowed}`, 2);
  const inside = runs.map((run) => join(name, basename(run.folder))).join(", ");
  throw new CommandError(`${name} holds ${runs.length} runs; allowed: one of ${inside}`, 2);
}

async function analyze(run: StoredRun, options: AnalyzeOptions): Promise<RunAnalysis> {
  const { config, key, milestones: stored } = run.record;
  const checkpoints = readCheckpoints(run);
  const metrics = readMetrics(run);
  const asStored = options.rule === "B" && options.threshold === DEFAULT_THRESHOLD;
  const last = checkpoints.at(-1);
  if (!last && (!asStored || options.checkpoint !== undefined)) {
    throw new CommandError(`${key} has no weights stored; --checkpoint, --rule and --threshold need them`, 2);
  }
  const chosen =
    options.checkpoint === undefined ? checkpoints : checkpoints.filter(({ epoch }) => epoch === options.checkpoint);
  if (last && chosen.length === 0) {
    const epochs = checkpoints.map(({ epoch }) => epoch).join(", ");
    throw new CommandError(`--checkpoint: ${options.checkpoint} is not stored of ${key}; allowed: ${epochs}`, 2);
  }
  const spectra = readSpectra(run);
  const final = last ? keysByRule(config, last.parameters, options.threshold) : keysOfSpectra(config, spectra);
  const frequencies = asStored ? run.record.key_frequencies : (final[options.rule] ?? null);
  const computed = await analyzeWeights(config, chosen, frequencies, options.threads);
  if (options.checkpoint !== undefined) {
    const keys = keysByRule(config, chosen[0].parameters, options.threshold);
    return { ...computed, keys, phases: null, milestones: stored };
  }
  const done = new Set(computed.progress.map(({ epoch }) => epoch));
  const others = <Row extends { epoch: number }>(rows: Row[]) =>
    rows.filter(({ epoch }) => asStored && !done.has(epoch));
  const progress = byEpoch([...others(readProgress(run)), ...computed.progress]);
  return {
    spectra: byEpoch([...others(spectra), ...computed.spectra]),
    progress,
    keys: final,
    phases: findPhases(
      curve(progress, (row) => row.excluded_train),
      curve(progress, (row) => row.restricted_test),
      metrics.map(({ epoch, sum_squared_weights: value }) => ({ epoch, value })),
    ),
    milestones: metrics.length > 0 ? findMilestones(metrics, progress, config.modulus) : stored,
  };
}

const byEpoch = <Row extends { epoch: number }>(rows: Row[]) => rows.sort((a, b) => a.epoch - b.epoch);

const curve = (rows: ProgressRow[], value: (row: ProgressRow) => number | null) =>
  rows.map((row) => ({ epoch: row.epoch, value: value(row) }));
