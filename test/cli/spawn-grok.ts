/** Runs the command line in a process of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export interface GrokProcess {
  child: ChildProcess;
  ended: Promise<Ended>;
  /** Resolves once standard error contains the text; false where the process ended without it. */
  says(text: string): Promise<boolean>;
}

/**
 * @param fault the GROK_FAULT of the store's fault points
 * @param group whether it and its children are a process group, as in a terminal
 */
export function startGrok(args: readonly string[], fault = "", group = false): GrokProcess {
  const child = spawn(process.execPath, ["--import", "tsx", "data-loaders/cli.ts", ...args], {
    cwd: root,
    env: { ...process.env, GROK_FAULT: fault },
    stdio: ["ignore", "pipe", "pipe"],
    detached: group,
  });
  let stdout = "";
  let stderr = "";
  const listeners = new Set<() => void>();
  child.stdout.on("data", (data) => (stdout += data));
  child.stderr.on("data", (data) => {
    stderr += data;
    for (const listener of listeners) listener();
  });
  const ended = new Promise<Ended>((resolve) => {
    child.on("close", (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  const says = (text: string) =>
    Promise.race([
      new Promise<boolean>((resolve) => {
        const look = () => stderr.includes(text) && resolve(true);
        listeners.add(look);
        look();
      }),
      ended.then(() => stderr.includes(text)),
    ]);
  return { child, ended, says };
}

export const grok = (...args: string[]): Promise<Ended> => startGrok(args).ended;

/** The last line of standard output, which is one JSON object. */
export function lastLine({ stdout }: Ended): Record<string, unknown> {
  return JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "");
}

/** A model that trains thousands of epochs a second. */
export const SMALL = ["--set", "modulus=7", "d_model=16", "heads=2", "d_mlp=32", "train_fraction=0.5"];
