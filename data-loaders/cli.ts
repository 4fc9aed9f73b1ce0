/** The command line: `npm run grok -- <command>`. */
import { Command } from "commander";
import { AnalysisError } from "../src/analysis/analysis-error.js";
import { ConfigError } from "../src/model/config.js";
import { EngineError } from "../src/training/engine.js";
import { analyzeCommand } from "./commands/analyze.js";
import { benchCommand } from "./commands/bench.js";
import { checkCommand } from "./commands/check.js";
import { CommandError } from "./commands/command-error.js";
import { siteCommand } from "./commands/site.js";
import { trainCommand } from "./commands/train.js";
import { verifyCommand } from "./commands/verify.js";
import { StoreError } from "./run-store/store-error.js";

const BAD_INPUT = 2;

const program = new Command("grok")
  .description("Train, analyze and show how a small transformer groks modular arithmetic.")
  .configureOutput({ outputError: (text, write) => write(`grok: ${text.replace(/^error: /, "")}`) });

const commands = [siteCommand(), trainCommand(), benchCommand(), checkCommand(), analyzeCommand(), verifyCommand()];
for (const command of commands) {
  command.copyInheritedSettings(program);
  program.addCommand(command);
}
for (const command of [program, ...commands]) {
  command.exitOverride((stop) => {
    process.exit(stop.exitCode === 0 ? 0 : BAD_INPUT);
  });
}

/** The exit code of an error that is told in one line; null for a fault of ours. */
function exitCodeOf(error: unknown): number | null {
  if (error instanceof CommandError) return error.exitCode;
  if (error instanceof ConfigError || error instanceof EngineError || error instanceof AnalysisError) return BAD_INPUT;
  return error instanceof StoreError ? 1 : null;
}

try {
  await program.parseAsync();
  process.exit(process.exitCode ?? 0);
} catch (error) {
  const code = exitCodeOf(error);
  if (code === null) throw error;
  process.stderr.write(`grok: ${(error as Error).message}\n`);
  process.exit(code);
}
