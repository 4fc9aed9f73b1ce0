/** `grok train`: one run, from its configuration to its place in a store. */
import { resolve } from "node:path";
import { Command } from "commander";
import { parameterLayout } from "../../src/model/parameters.js";
import { CommandError } from "../command-error.js";
import { keepOf, keepOfTraining, PRESETS } from "../experiments/presets.js";
import { OWN_STORE, REFERENCE_STORE } from "../places.js";
import { LockedError } from "../run-store/lock.js";
import { hasRun, runFolder, type StoredRun } from "../run-store/run-folder.js";
import { runKey } from "../run-store/run-key.js";
import { WorkingFolder } from "../run-store/working-folder.js";
import { runDisplay } from "../runner/run-display.js";
import type { StoredStart } from "../runner/stored-start.js";
import { trainRun } from "../runner/train-run.js";
import {
  addEngineOptions,
  addSetOption,
  configFrom,
  type EngineOptions,
  engineFactory,
  wholeNumber,
} from "./run-options.js";
import { watchSignals } from "./signals.js";

interface TrainOptions extends EngineOptions {
  preset: string;
  list?: boolean;
  config?: string;
  set?: string[];
  epochs?: number;
  from?: string;
  out?: string;
  keepCheckpoints?: number;
  saveEvery: number;
  force?: boolean;
}

export function trainCommand(): Command {
  const command = new Command("train")
    .description("train one run and store it; continue it where it was stopped")
    .option("--preset <name>", `start from a preset: ${PRESETS.map(({ name }) => name).join(", ")}`, "default")
    .option("--list", "list the presets")
    .option("--config <file.json>", "fields of the configuration from a file, over the preset's");
  addSetOption(command);
  addEngineOptions(command)
    .option("--epochs <n>", "train this many epochs", wholeNumber(1, 10_000_000))
    .option("--from <run>", "continue stored weights: RUN or RUN@EPOCH, RUN being a key or a folder")
    .option("--out <dir>", "the store to put the run into")
    .option("--keep-checkpoints <n>", "store the weights of at most n checkpoints", wholeNumber(0, 1000))
    .option("--save-every <seconds>", "how often the state is saved", wholeNumber(0, 86_400), 30)
    .option("--force", "train again what is stored, and drop what is under way");
  return command
    .addHelpText(
      "after",
      `
--from takes the run's configuration in place of the preset's; the epochs count on from its weights'.
Without --out, a run of a committed experiment goes to runs/, any other to results/. A run of a sweep that goes to runs/
is stored as the sweep would store it, without weights, unless --keep-checkpoints asks for some.
Ctrl-C saves the run and leaves; the same command continues it, to the same bits. Progress goes to standard error;
the last line of standard output is one JSON object: key, folder, milestones, key_frequencies, final, ended, files.

Exit codes: 0 done; 1 the disk refuses or a stored file is broken; 2 bad input, or the run is being trained by another
process; 3 the loss is not finite (the run is stored up to there); 130 stopped by Ctrl-C, 143 by SIGTERM.`,
    )
    .action((options: TrainOptions) => (options.list ? listPresets() : runTraining(options)));
}

function listPresets(): void {
  for (const { name, description, config } of PRESETS) {
    process.stdout.write(`${name.padEnd(18)} ${description}\n${" ".repeat(19)}${runKey(config)}\n`);
  }
}

async function runTraining(options: TrainOptions): Promise<void> {
  const preset = PRESETS.find(({ name }) => name === options.preset);
  if (!preset) {
    const names = PRESETS.map(({ name }) => name).join(", ");
    throw new CommandError(`--preset: ${options.preset} is not allowed; allowed: ${names}`, 2);
  }
  const stores = [...(options.out ? [resolve(options.out)] : []), REFERENCE_STORE, OWN_STORE];
  const start = options.from === undefined ? undefined : await startFrom(options.from, stores);
  const config = configFrom(start?.config ?? preset.config, options);
  if (start) checkStart(start, config);
  const key = runKey(config, start?.from);
  const store = options.out ? resolve(options.out) : keepOf(key).committed ? REFERENCE_STORE : OWN_STORE;
  const keep = keepOfTraining({ key, config, started_from: start?.from }, store, options.keepCheckpoints);

  if (hasRun(store, key) && !options.force) {
    const { verifyRun } = await import("../runner/verify-run.js");
    const { run, problems } = verifyRun(runFolder(store, key));
    if (!run || problems.length > 0) throw new CommandError(`${problems[0]}; train it again with --force`, 1);
    new WorkingFolder(store, key).removeLeftover();
    const { ended } = run.record;
    const state = ended.reason === "early" ? `ended early, at epoch ${ended.epoch}` : "is complete";
    process.stderr.write(`${key} ${state}; --force trains it again\n`);
    report(run);
    return;
  }
  const signals = watchSignals();
  const display = runDisplay();
  try {
    const outcome = await trainRun({
      config,
      store,
      keep,
      start,
      createEngine: engineFactory(options),
      startOver: options.force,
      saveEvery: options.saveEvery,
      shouldStop: () => signals.received !== null,
      watch: display,
    });
    display.close();
    if (outcome.kind === "stopped") {
      throw new CommandError(
        `${key} is saved at epoch ${outcome.epoch}; the same command continues it`,
        signals.received === "SIGTERM" ? 143 : 130,
      );
    }
    report(outcome.run);
    const { ended, final } = outcome.run.record;
    if (ended.reason === "not_finite") {
      throw new CommandError(
        `the loss is not finite at epoch ${ended.epoch}; ${key} is stored up to its last good evaluation ` +
          `(test loss ${final.test_loss})`,
        3,
      );
    }
  } catch (error) {
    if (error instanceof LockedError) throw new CommandError(error.message, 2);
    throw error;
  } finally {
    display.close();
    signals.close();
  }
}

async function startFrom(name: string, stores: string[]): Promise<StoredStart> {
  const { storedStart } = await import("../runner/stored-start.js");
  return storedStart(name, stores);
}

function checkStart({ from, config: source }: StoredStart, config: ReturnType<typeof configFrom>): void {
  const tensors = (of: typeof config) =>
    JSON.stringify(parameterLayout(of).tensors.map(({ name, shape }) => [name, shape]));
  if (tensors(source) !== tensors(config)) {
    throw new CommandError(`--from: the weights of ${from.key} are of another shape than the configuration's`, 2);
  }
  if (config.epochs <= from.epoch) {
    throw new CommandError(
      `epochs: ${config.epochs} is not allowed from weights of epoch ${from.epoch}; allowed: above ${from.epoch}`,
      2,
    );
  }
}

/** The last line of standard output. */
function report({ folder, record }: StoredRun): void {
  const { key, engine, milestones, key_frequencies, final, ended, loss_spikes, wall_seconds, files } = record;
  const names = ["run.json", ...Object.keys(files)];
  const line = {
    key,
    folder,
    engine,
    milestones,
    key_frequencies,
    final,
    ended,
    loss_spikes,
    wall_seconds,
    files: names,
  };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
