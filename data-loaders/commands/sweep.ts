/** `grok sweep`: the runs of a grid that the store lacks. */
import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import type { EarlyEnd } from "../../src/training/early-end.js";
import { CommandError } from "../command-error.js";
import { ENGINE_CHOICES } from "../engines.js";
import { SWEEPS } from "../experiments/sweeps.js";
import { REFERENCE_STORE } from "../places.js";
import { CELL_OPTION } from "../sweeps/cell-messages.js";
import { type Inventory, isDone, takeInventory } from "../sweeps/inventory.js";
import { removeLeftovers } from "../sweeps/leftovers.js";
import { runSweep } from "../sweeps/run-sweep.js";
import { sweepDisplay } from "../sweeps/sweep-display.js";
import { checkAdapter, type SweepEngineOptions, sweepEngine } from "../sweeps/sweep-engine.js";
import { distinctCells, parseShard, type SweepRun, sweepRuns, sweepsNamed } from "../sweeps/sweep-plan.js";
import { wholeNumber } from "./run-options.js";
import { watchSignals } from "./signals.js";

/** Runs of the webgpu engine that are trained together: with so many, steps are long against their overhead. */
const BATCH = 16;
/** Batches at a time on a GPU: while one is evaluated on the CPU, another keeps the GPU busy. */
const BATCHES_AT_A_TIME = 4;

interface SweepOptions extends SweepEngineOptions {
  seeds: number;
  workers?: number;
  shard?: string;
  maxMinutes?: number;
  dryRun?: boolean;
  stopAfter?: number;
  maxEpochs?: number;
  longer?: boolean;
  out?: string;
  cell?: boolean;
}

export function sweepCommand(): Command {
  return new Command("sweep")
    .description("train what the store lacks of a sweep, cheapest first; continue it where it was stopped")
    .argument("<name>", `all, ${SWEEPS.map(({ name }) => name).join(", ")}`)
    .option("--seeds <n>", "seeds 0 … n−1 of each cell", wholeNumber(1, 1000), 1)
    .addOption(new Option("--engine <name>", "what computes").choices(ENGINE_CHOICES).default("auto"))
    .option("--backend <name>", "backend of the tfjs engine: webgpu, wasm or cpu")
    .option("--batch <n>", `webgpu: train n runs of one shape together (default: ${BATCH})`, wholeNumber(1, 1024))
    .option(
      "--workers <n>",
      `processes at a time: of one run each, on one thread (default: ${availableParallelism()}, one a core); webgpu: of one ` +
        `batch each (default: ${Math.min(BATCHES_AT_A_TIME, availableParallelism())})`,
      wholeNumber(1, 1024),
    )
    .option("--shard <i/n>", "only the i-th of n parts; the parts of one sweep never overlap")
    .option("--max-minutes <m>", "save and leave after m minutes", minutes)
    .option("--dry-run", "say what is there and what is missing, and train nothing")
    .option("--stop-after <n>", "end a run n epochs after it has grokked and stayed so", wholeNumber(1, 10_000_000))
    .option("--max-epochs <n>", "end a run at epoch n if it has not grokked by then", wholeNumber(1, 10_000_000))
    .option("--longer", "train again, from the start, stored runs that ended earlier than they would now")
    .option("--out <dir>", "the store (default: runs/)")
    .addOption(new Option(CELL_OPTION).hideHelp())
    .addHelpText(
      "after",
      `
A run that is stored is done, also if it ended early (--stop-after, --max-epochs; run.json says where and why); what was
saved of it before it was stored is removed. With --longer, an early-ended run that these limits, or none, would let go
on is missing; it is trained again from the start and replaced once the new one is whole, and where that was stopped,
--longer continues it. Runs end early at an evaluation: the first at or after the epoch asked for. One that had grokked
and fell back goes on after its fall for as long as after grokking. The main model with the seeds of its own experiment
never ends early.

--engine auto is webgpu where a hardware GPU answers, else wasm. On a GPU, runs of one modulus, depth and width are
trained as a batch, in a process of its own; a device that has no room for the batch gets smaller ones.

Ctrl-C saves the runs under way and leaves; the same command continues them, and so it does after a kill or a lost
device. Shards on several machines are put together by grok merge. Progress goes to standard error; the last line of
standard output is one JSON object: cells, seeds, done, missing, one_layer_without_any_seed (with --shard: done and
missing of the shard's runs), and unless --dry-run: trained, failed, locked, held_back.

A run that another process trains is tried once more at the end, then skipped: it counts as locked, and as missing
unless it is stored by then. A run that is broken in the store is held back: it counts as missing, and is left as it is.

Exit codes: 0 done, or all but locked runs, or left after --max-minutes, or --dry-run; 1 a run failed or was held back
(it is named, the others go on); 2 bad input, or a store of another numerics version; 130 stopped by Ctrl-C, 143 by
SIGTERM.`,
    )
    .action((name: string, options: SweepOptions) => (options.cell ? cells() : sweep(name, options)));
}

function minutes(text: string): number {
  const value = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || !(value > 0 && value <= 1e6)) {
    throw new InvalidArgumentError("allowed: a number above 0, at most 1000000");
  }
  return value;
}

async function cells(): Promise<void> {
  if (!process.send) throw new CommandError(`${CELL_OPTION}: is for the processes of a sweep`, 2);
  const { serveCells } = await import("../sweeps/train-cells.js");
  await serveCells();
}

async function sweep(name: string, options: SweepOptions): Promise<void> {
  const sweeps = sweepsNamed(name);
  const shard = options.shard === undefined ? undefined : parseShard(options.shard);
  const runs = sweepRuns(sweeps, options.seeds, shard);
  const store = options.out ? resolve(options.out) : REFERENCE_STORE;
  const { backend, stopAfter, maxEpochs, longer = false } = options;
  const earlyEnd: EarlyEnd = { stopAfter, maxEpochs };
  const engine = await sweepEngine(options);
  const request = { sweeps, runs, store, earlyEnd, longer };
  const look = () => takeInventory(request);
  const before = look();
  tellMissing(before, options.dryRun ?? false);
  const summary = (inventory: Inventory) => ({
    cells: distinctCells(sweeps).length,
    seeds: options.seeds,
    done: inventory.done.length,
    missing: inventory.missing.length + inventory.heldBack.length,
    one_layer_without_any_seed: inventory.oneLayerWithoutAnySeed,
  });
  if (options.dryRun) {
    process.stdout.write(`${JSON.stringify(summary(before))}\n`);
    return;
  }

  await checkAdapter(engine, backend);
  removeLeftovers(store, [...before.done, ...before.missing]);
  const signals = watchSignals();
  const until = options.maxMinutes === undefined ? Number.POSITIVE_INFINITY : Date.now() + options.maxMinutes * 60_000;
  const watch = sweepDisplay(before.missing, earlyEnd);
  const { trained, failed, locked, stopped } = await runSweep({
    runs: before.missing,
    store,
    engine,
    backend,
    batch: engine === "webgpu" ? (options.batch ?? BATCH) : 1,
    workers: options.workers ?? Math.min(engine === "webgpu" ? BATCHES_AT_A_TIME : 1024, availableParallelism()),
    earlyEnd,
    isDone: (run) => isDone(run, request),
    watch,
    shouldStop: () => signals.received !== null || Date.now() >= until,
  }).finally(() => {
    watch.close();
    signals.close();
  });
  const { heldBack } = before;
  for (const line of locked) process.stderr.write(`skipped: ${line}\n`);
  const line = {
    ...summary(look()),
    trained: trained.length,
    failed,
    locked: locked.length,
    held_back: heldBack.length,
  };
  process.stdout.write(`${JSON.stringify(line)}\n`);
  if (failed.length > 0) throw new CommandError(`${failed.length} failed: ${failed.join("; ")}`, 1);
  if (stopped && signals.received) {
    const code = signals.received === "SIGTERM" ? 143 : 130;
    throw new CommandError("the runs under way are saved; the same command continues them", code);
  }
  if (heldBack.length > 0) {
    throw new CommandError(`${heldBack.length} held back: ${heldBack.map(({ reason }) => reason).join("; ")}`, 1);
  }
}

/** What is missing, in the order of the training; one line each in a dry run, else how many. */
function tellMissing({ done, missing, heldBack }: Inventory, each: boolean): void {
  const lines = each ? missing.map((run: SweepRun) => `missing    ${run.key}`) : [];
  const reasons = new Map<string, string[]>();
  for (const { run, reason } of heldBack) reasons.set(reason, [...(reasons.get(reason) ?? []), run.key]);
  for (const [reason, keys] of reasons) {
    if (each) lines.push(...keys.map((key) => `held back  ${key}: ${reason}`));
    else lines.push(`${keys.length} held back (${reason})`);
  }
  const counts = `${done.length} done, ${missing.length} to be trained, ${heldBack.length} held back`;
  process.stderr.write([...lines, counts, ""].join("\n"));
}
