/** The runs that the pages would show but the store does not have: the main model's trained where that is quick, else told. */
import { spawnSync } from "node:child_process";
import { runLabel } from "../../src/figures/run-summary.js";
import { CONFIG_FIELDS, parseConfig, type RunConfig } from "../../src/model/config.js";
import { stepMultiplyAdds } from "../../src/training/step-work.js";
import { CommandError } from "../command-error.js";
import { EXPERIMENTS } from "../experiments/presets.js";
import { SWEEPS } from "../experiments/sweeps.js";
import { runKey } from "../run-store/run-key.js";
import { duration } from "../runner/run-display.js";
import { cellOf, sampledCell } from "../sweeps/cells.js";
import { storedRuns } from "../tables/stored-runs.js";

/** Seconds of one step of the main model on two cores, where no stored run tells. */
const USUAL_STEP_SECONDS = 0.03;

/** Missing runs that are told one by one. */
const MOST_NAMED = 6;

export interface MissingRun {
  config: RunConfig;
  label: string;
  /** Estimated seconds to train it here. */
  seconds: number;
  /** Fields that differ from the default, as `grok train` takes them. */
  settings: string[];
}

const MAIN = parseConfig({});

const settingsOf = (config: RunConfig) =>
  CONFIG_FIELDS.filter((field) => config[field] !== MAIN[field]).map((field) => `${field}=${config[field]}`);

/** Runs of the main model’s experiment that are not stored, with what they would take, judged by the stored ones. */
export function missingRuns(): MissingRun[] {
  const stored = storedRuns().map(({ record }) => record);
  const present = new Set(stored.map(({ key }) => key));
  const paces = stored
    .filter(({ ended, wall_seconds }) => ended.epoch > 0 && wall_seconds > 0)
    .map(({ config, ended, wall_seconds }) => wall_seconds / ended.epoch / stepMultiplyAdds(config))
    .sort((a, b) => a - b);
  const pace = paces[Math.floor(paces.length / 2)] ?? USUAL_STEP_SECONDS / stepMultiplyAdds(MAIN);
  return EXPERIMENTS.flatMap(({ cells }) => cells)
    .filter(({ config }) => !present.has(runKey(config)))
    .map(({ config }) => ({
      config,
      label: runLabel({ config }),
      seconds: pace * stepMultiplyAdds(config) * config.epochs,
      settings: settingsOf(config),
    }));
}

const commandOf = ({ settings }: MissingRun) =>
  ["npm run grok -- train", ...settings.map((setting) => `--set ${setting}`)].join(" ");

/**
 * Trains the missing runs if all of them together fit into the budget, else says what is missing, how long it would
 * take, and the commands that train it.
 *
 * @param minutes 0 never trains
 * @throws CommandError where training fails
 */
export function fillOrTell(minutes: number): void {
  fillMainModel(minutes);
  const gaps = missingCells();
  if (gaps) process.stderr.write(`${gaps}\n`);
}

/** Which sweeps lack cells, and what trains them, in one line; null where none does. Too long to train in a build. */
export function missingCells(): string | null {
  const stored = new Set(storedRuns().map(({ record }) => sampledCell(record)));
  const lacking = SWEEPS.map(({ name, cells }) => ({
    name,
    missing: cells.filter(({ config }) => !stored.has(cellOf(config))).length,
    of: cells.length,
  })).filter(({ missing }) => missing > 0);
  if (!lacking.length) return null;
  const each = lacking.map(({ name, missing, of }) => `${name} ${missing} of ${of}`).join(", ");
  return `Cells of sweeps without a run: ${each}; pages show the gaps. npm run grok -- sweep NAME trains them.`;
}

function fillMainModel(minutes: number): void {
  const missing = missingRuns();
  if (!missing.length) return;
  const seconds = missing.reduce((total, run) => total + run.seconds, 0);
  if (minutes > 0 && seconds <= minutes * 60) {
    for (const run of missing) {
      process.stderr.write(`Training ${run.label}, about ${duration(run.seconds)}\n`);
      trainNow(run);
    }
    return;
  }
  process.stderr.write(
    `${missing.length} of the pages’ runs are not stored (about ${duration(seconds)} to train); pages show the gap.\n`,
  );
  for (const run of missing.slice(0, MOST_NAMED)) process.stderr.write(`  ${run.label}: ${commandOf(run)}\n`);
  if (missing.length > MOST_NAMED) process.stderr.write(`  … and ${missing.length - MOST_NAMED} more\n`);
}

function trainNow(run: MissingRun) {
  const settings = run.settings.flatMap((setting) => ["--set", setting]);
  const args = ["--import", "tsx", "data-loaders/cli.ts", "train", ...settings];
  const { status } = spawnSync(process.execPath, args, { stdio: ["ignore", "ignore", "inherit"] });
  if (status !== 0) throw new CommandError(`training ${run.label} failed with exit code ${status}`, 1);
}
