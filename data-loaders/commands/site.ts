/** `grok site preview | build`: the site, from the runs that are stored. */
import { Command, InvalidArgumentError } from "commander";
import { CommandError } from "../command-error.js";
import { LockedError } from "../run-store/lock.js";
import { finishBuild, warningsIn } from "../site/finish-build.js";
import { lockCache, prepareCache, startFramework } from "../site/framework.js";
import { fillOrTell } from "../site/missing-runs.js";
import { SITE_FOLDER } from "../site/site-folder.js";

function budget(text: string): number {
  if (text === "all") return Number.POSITIVE_INFINITY;
  const minutes = Number(text);
  if (text === "" || !(minutes >= 0)) throw new InvalidArgumentError("allowed: minutes from 0 up, or all.");
  return minutes;
}

function port(text: string): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number > 65_535)
    throw new InvalidArgumentError("allowed: a whole number from 0 to 65535.");
  return number;
}

const BUDGET = [
  "--train-budget <minutes>",
  "train missing runs of the main model that take up to this long in all; 0 never, all everything",
] as const;

interface PreviewOptions {
  trainBudget: number;
  host: string;
  port?: number;
}

async function preview({ trainBudget, host, port }: PreviewOptions) {
  fillOrTell(trainBudget);
  prepareCache();
  const args = ["--no-open", "--host", host];
  if (port !== undefined) args.push("--port", String(port));
  const child = startFramework("preview", args);
  let announced = false;
  child.stdout?.on("data", (chunk: Buffer) => {
    const address = /https?:\/\/\S+\d+\//.exec(chunk.toString());
    if (address && !announced) {
      announced = true;
      console.log(`The site is at ${address[0]} (Ctrl-C stops it)`);
    }
  });
  child.stderr?.pipe(process.stderr);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => child.kill(signal));
  const code = await new Promise<number | null>((resolve) => child.once("exit", resolve));
  if (code) throw new CommandError(`the preview server stopped with exit code ${code}`, 1);
}

interface BuildOptions {
  trainBudget: number;
  verbose?: boolean;
}

async function build(options: BuildOptions) {
  const lock = lockOrTell();
  try {
    await buildAlone(options);
  } finally {
    lock.release();
  }
}

function lockOrTell() {
  try {
    return lockCache();
  } catch (error) {
    if (error instanceof LockedError) throw new CommandError(error.message, 2);
    throw error;
  }
}

async function buildAlone({ trainBudget, verbose }: BuildOptions) {
  fillOrTell(trainBudget);
  prepareCache();
  const started = performance.now();
  const child = startFramework("build");
  let log = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk: Buffer) => {
      log += chunk;
      if (verbose) process.stderr.write(chunk);
    });
  }
  const code = await new Promise<number | null>((resolve) => child.once("exit", resolve));
  if (code !== 0) {
    if (!verbose) process.stderr.write(log);
    throw new CommandError(`the build failed with exit code ${code}`, 1);
  }
  const faults = [...warningsIn(log), ...finishBuild(SITE_FOLDER)];
  if (faults.length) throw new CommandError(`the site was built with faults:\n  ${faults.join("\n  ")}`, 1);
  console.log(`${SITE_FOLDER}/ built in ${((performance.now() - started) / 1000).toFixed(0)} s`);
}

export function siteCommand(): Command {
  const command = new Command("site").description("preview or build the site from the stored runs");
  command
    .command("preview")
    .description("serve the site at a local address while you edit it")
    .option(...BUDGET, budget, 2)
    .option("--host <name>", "address to listen on", "127.0.0.1")
    .option("--port <number>", "port to listen on (default: the first free one from 3000)", port)
    .action(preview);
  command
    .command("build")
    .description("build the site into dist/")
    .option(...BUDGET, budget, 2)
    .option("--verbose", "show the whole log")
    .action(build);
  return command;
}
