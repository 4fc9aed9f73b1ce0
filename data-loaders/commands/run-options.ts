/** The options by which commands are told what to train, and on what. */
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { type Command, InvalidArgumentError, Option } from "commander";
import { ConfigError, parseConfig, type RunConfig } from "../../src/model/config.js";
import type { Engine, Problem } from "../../src/training/engine.js";
import { CommandError } from "../command-error.js";
import { createEngine, ENGINE_CHOICES } from "../engines.js";

export interface EngineOptions {
  engine: (typeof ENGINE_CHOICES)[number];
  backend?: string;
  threads: number;
}

/** Adds --engine, --backend and --threads. */
export function addEngineOptions(command: Command): Command {
  return command
    .addOption(new Option("--engine <name>", "what computes").choices(ENGINE_CHOICES).default("auto"))
    .option("--backend <name>", "backend of the tfjs engine: webgpu, wasm or cpu")
    .option("--threads <n>", "threads of the wasm engine", wholeNumber(1, 256), Math.min(8, availableParallelism()));
}

/** Makes the engine that the options name. @throws EngineError for what it cannot do */
export function engineFactory(options: EngineOptions): (problem: Problem) => Promise<Engine> {
  return (problem) => createEngine(options.engine, problem, { threads: options.threads, backend: options.backend });
}

/** Parser of a whole number for commander. */
export function wholeNumber(low: number, high: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < low || value > high) {
      throw new InvalidArgumentError(`allowed: a whole number from ${low} to ${high}`);
    }
    return value;
  };
}

/** Collects repeated and multiple --set arguments. */
export const addSetOption = (command: Command): Command =>
  command.option(
    "--set <field=value...>",
    "set fields of the configuration, for example --set seed=1 weight_decay=0.5",
  );

/**
 * The configuration that the options describe: base, then the file, then --set, then --epochs.
 *
 * @throws ConfigError, CommandError (exit 2) naming the option, field and value
 */
export function configFrom(
  base: Partial<RunConfig>,
  options: { config?: string; set?: string[]; epochs?: number },
): RunConfig {
  const fields: Record<string, unknown> = { ...base, ...(options.config ? readConfigFile(options.config) : {}) };
  for (const setting of options.set ?? []) {
    const [name, value] = parseSetting(setting);
    fields[name] = value;
  }
  if (options.epochs !== undefined) fields.epochs = options.epochs;
  // A preset's head size holds only for its own width and number of heads.
  const reshaped = base.d_head !== undefined && (fields.d_model !== base.d_model || fields.heads !== base.heads);
  if (reshaped && fields.d_head === base.d_head) delete fields.d_head;
  return parseConfig(fields);
}

function readConfigFile(path: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    const reason = error instanceof SyntaxError ? "is not whole JSON" : "cannot be read";
    throw new CommandError(`--config: ${path} ${reason}; allowed: a JSON file with an object of fields`, 2);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new ConfigError(`--config: ${path} holds ${JSON.stringify(value)}; allowed: an object of fields`);
  }
  return value as Record<string, unknown>;
}

function parseSetting(setting: string): [string, unknown] {
  const at = setting.indexOf("=");
  if (at < 1) throw new CommandError(`--set: ${setting} is not allowed; allowed: field=value`, 2);
  const text = setting.slice(at + 1);
  const value = text.trim() !== "" && !Number.isNaN(Number(text)) ? Number(text) : text;
  return [setting.slice(0, at), value];
}
