/** Signals to a sweep: to all of its processes, as a terminal's Ctrl-C, or to one of them. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test, vi } from "vitest";
import { CELL_OPTION } from "../../data-loaders/sweeps/cell-messages.js";
import { sweepRuns, sweepsNamed } from "../../data-loaders/sweeps/sweep-plan.js";
import { type GrokProcess, lastLine, startGrok } from "../cli/spawn-grok.js";

// Processes and engines start slowly on a busy machine.
vi.setConfig({ testTimeout: 600_000 });

const folder = mkdtempSync(join(tmpdir(), "grok-signals-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** p = 7 and p = 43. */
const [first, second] = sweepRuns(sweepsNamed("modulus"), 1, { index: 1, of: 7 });

/** In a process group of its own. */
const start = (store: string, shard: string) =>
  startGrok(["sweep", "modulus", "--shard", shard, "--workers", "2", "--out", join(folder, store)], "", true);

const signalGroup = ({ child }: GrokProcess, signal: NodeJS.Signals) => process.kill(-(child.pid as number), signal);

/** The first process that trains, as soon as there is one; it takes about a second until it listens. */
async function trainingProcess({ child }: GrokProcess): Promise<number> {
  for (;;) {
    const processes = execFileSync("ps", ["-A", "-o", "ppid=,pid=,args="], { encoding: "utf8" }).split("\n");
    const found = processes
      .map((line) => line.trim().split(/\s+/))
      .find(([parent, ...rest]) => parent === String(child.pid) && rest.at(-1) === CELL_OPTION);
    if (found) return Number(found[1]);
    await wait(20);
  }
}

const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

test("Ctrl-C saves the runs under way and leaves with 130", async () => {
  const sweep = start("interrupted", "1/7");
  const working = join(folder, "interrupted", ".working", second.key);
  while (!existsSync(join(working, "weights-00000010.f32"))) await wait(20);
  signalGroup(sweep, "SIGINT");
  const { code, stderr } = await sweep.ended;
  expect(code).toBe(130);
  expect(stderr).toContain(`${second.key}: saved at epoch`);
  expect(stderr).toMatch(/grok: the runs under way are saved; the same command continues them\n$/);
  expect(existsSync(join(working, "state.bin"))).toBe(true);
});

test.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)("%s while the processes start is no failure, and exits with %i", async (signal, code) => {
  const sweep = start(signal, "1/7");
  await trainingProcess(sweep);
  signalGroup(sweep, signal);
  const outcome = await sweep.ended;
  expect([outcome.code, outcome.stderr]).toEqual([code, expect.stringContaining("the same command continues them")]);
  expect(lastLine(outcome)).toMatchObject({ trained: 0, missing: 2, failed: [] });
});

test("it may reach the process that trains first", async () => {
  const sweep = start("first", "1/14");
  process.kill(await trainingProcess(sweep), "SIGINT");
  await wait(200);
  sweep.child.kill("SIGINT");
  const outcome = await sweep.ended;
  expect([outcome.code, lastLine(outcome).failed]).toEqual([130, []]);
});

test("a process that is ended alone has failed", async () => {
  const sweep = start("alone", "1/14");
  process.kill(await trainingProcess(sweep), "SIGINT");
  const outcome = await sweep.ended;
  expect([outcome.code, lastLine(outcome).failed]).toEqual([1, [`${first.key}: its process ended by SIGINT`]]);
});
