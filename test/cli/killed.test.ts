/** A training process that is killed, whenever, goes on from its last state and ends with the same bits. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { listRuns } from "../../data-loaders/run-store/store.js";
import { verifyRun } from "../../data-loaders/runner/verify-run.js";
import { MersenneTwister } from "../../src/model/mersenne-twister.js";
import { grok, SMALL, startGrok } from "./spawn-grok.js";

// Processes and engines start slowly on a busy machine.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

const folder = mkdtempSync(join(tmpdir(), "grok-killed-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const trainInto = (store: string) => [
  "train",
  ...SMALL,
  ...["--epochs", "6000", "--engine", "wasm", "--threads", "1", "--save-every", "0", "--out", store],
];

/** All of a finished run, by file; of run.json what does not depend on the clock. */
function contents(store: string): Map<string, string> {
  const { runs, broken } = listRuns(store);
  expect(broken).toEqual([]);
  expect(runs).toHaveLength(1);
  expect(verifyRun(runs[0].folder).problems).toEqual([]);
  const files = new Map<string, string>();
  for (const name of readdirSync(runs[0].folder).sort()) {
    const bytes = readFileSync(join(runs[0].folder, name));
    files.set(name, name === "run.json" ? withoutClock(bytes.toString()) : bytes.toString("base64"));
  }
  return files;
}

function withoutClock(text: string): string {
  const { created, wall_seconds, sha256, ...rest } = JSON.parse(text);
  expect([typeof created, typeof wall_seconds, typeof sha256]).toEqual(["string", "number", "string"]);
  return JSON.stringify(rest);
}

/** Resolves once a run in the store has trained 100 epochs. */
async function underWay(store: string): Promise<void> {
  const weights = () => (existsSync(store) ? (readdirSync(store, { recursive: true }) as string[]) : []);
  while (!weights().some((path) => path.endsWith("weights-00000100.f32"))) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Per chain: how many kills at random moments, then places inside the writing and renaming to be killed at. */
const CHAINS = [
  { random: 4, at: ["state:writing,9", "run:written,2"] },
  { random: 4, at: ["state:written,5", "run:renamed,1"] },
  { random: 4, at: ["state:renamed,7", "candidate:writing,3", "run:writing,4"] },
  { random: 4, at: ["candidate:written,4", "run:written,5"] },
];

describe("a killed run", () => {
  let undisturbed: Map<string, string>;
  beforeAll(async () => {
    const store = join(folder, "undisturbed");
    expect((await grok(...trainInto(store))).code).toBe(0);
    undisturbed = contents(store);
  });

  test.concurrent.each(CHAINS.map((chain, i) => ({ ...chain, i })))(
    "$random kills at random moments, then at $at, chain $i",
    async ({ random, at, i }) => {
      const store = join(folder, `chain-${i}`);
      const moments = new MersenneTwister([i]);
      let kills = 0;
      while (kills < random) {
        const run = startGrok(trainInto(store));
        await run.says("wasm");
        await new Promise((resolve) => setTimeout(resolve, moments.uniform() * 200));
        run.child.kill("SIGKILL");
        if ((await run.ended).signal === "SIGKILL") kills++;
        // On a machine so fast that it was done already: once more from the start.
        else rmSync(store, { recursive: true });
        expect(listRuns(store)).toEqual({ runs: [], broken: [] });
      }
      for (const place of at) {
        const run = startGrok(trainInto(store), `${place},wait`);
        expect(await run.says("waiting at"), place).toBe(true);
        run.child.kill("SIGKILL");
        kills++;
        expect((await run.ended).signal).toBe("SIGKILL");
        const { runs, broken } = listRuns(store);
        expect(broken).toEqual([]);
        expect(runs).toHaveLength(place.startsWith("run:renamed") ? 1 : 0);
      }
      expect(kills).toBe(random + at.length);
      const last = await grok(...trainInto(store));
      expect(last.code, last.stderr).toBe(0);
      expect(contents(store)).toEqual(undisturbed);
      expect(readdirSync(store).filter((name) => name !== ".working")).toHaveLength(1);
      expect(readdirSync(join(store, ".working"))).toEqual([".gitignore"]);
    },
  );

  test("npm starts the command line without a process between that would kill it at Ctrl-C", () => {
    const { scripts } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
    expect(scripts.grok).toBe("node --import tsx data-loaders/cli.ts");
  });

  test("Ctrl-C saves the run and leaves with 130; the run goes on to the same bits", async () => {
    const store = join(folder, "interrupted");
    const run = startGrok(trainInto(store));
    await underWay(store);
    // As a terminal and npm between them send it.
    run.child.kill("SIGINT");
    run.child.kill("SIGINT");
    const stopped = await run.ended;
    expect(stopped.code).toBe(130);
    expect(stopped.stderr).toMatch(/grok: .* is saved at epoch \d+; the same command continues it\n$/);
    const resumed = await grok(...trainInto(store));
    expect(resumed.stderr).toMatch(/from epoch \d+/);
    expect(contents(store)).toEqual(undisturbed);
  });
});
