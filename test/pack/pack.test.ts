/** A pack, made and used as on another machine: moved, started from elsewhere, without the repository's packages. */
import { execFileSync, spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { REFERENCE_STORE } from "../../data-loaders/places.js";
import { listFolders } from "../../data-loaders/run-store/store.js";
import { verifyRun } from "../../data-loaders/runner/verify-run.js";
import { type Ended, grok, lastLine } from "../cli/spawn-grok.js";
import { webGpuEnvironment } from "../swiftshader/environment.js";

vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

const folder = mkdtempSync(join(tmpdir(), "grok-pack-test-"));
const elsewhere = join(folder, "else where");
const packed = join(folder, "another place");
mkdirSync(elsewhere);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the pack's own program with nothing of this process's environment but the system's programs and Node. */
function run(args: string[], environment: Record<string, string> = {}, place = packed): Promise<Ended> {
  const env = { PATH: `${dirname(process.execPath)}:/usr/bin:/bin`, HOME: elsewhere, ...environment };
  const child = spawn(join(place, "grok"), args, { cwd: elsewhere, env, stdio: ["ignore", "pipe", "pipe"] });
  const output = { stdout: "", stderr: "" };
  child.stdout.on("data", (data) => (output.stdout += data));
  child.stderr.on("data", (data) => (output.stderr += data));
  return new Promise((resolve) => child.on("close", (code, signal) => resolve({ code, signal, ...output })));
}

let made: Ended;
beforeAll(async () => {
  const first = join(folder, "first place");
  made = await grok("pack", first);
  renameSync(first, packed);
});

test("is small, and says how large its parts are", () => {
  expect([made.code, made.stderr]).toEqual([0, expect.stringMatching(/MiB {2}in all\n$/)]);
  const { bytes, files } = lastLine(made) as { bytes: number; files: Record<string, number> };
  expect(bytes).toBeLessThan(30e6);
  expect(Object.keys(files)).toEqual(readdirSync(packed).sort());
  expect(Object.values(files).reduce((sum, size) => sum + size)).toBe(bytes);
  expect(readdirSync(join(packed, "node_modules"))).toEqual(["webgpu"]);
});

test("its wasm engine agrees with float64 PyTorch", async () => {
  const checked = await run(["check", join(packed, "fixtures/one-layer-p7.json"), "--engine", "wasm"]);
  expect([checked.code, checked.stderr]).toEqual([0, ""]);
});

test("the packed WebGPU computes, with the webgpu engine and with TensorFlow.js", async () => {
  const fixture = join(packed, "fixtures/two-layer-p5.json");
  const engine = await run(["check", fixture, "--engine", "webgpu"], await webGpuEnvironment());
  expect([engine.code, engine.stderr]).toEqual([0, ""]);
  expect(lastLine(engine)).toMatchObject({ engine: { name: "webgpu" } });
  const onWasm = await run(["check", fixture, "--engine", "tfjs", "--backend", "wasm"]);
  expect([onWasm.code, onWasm.stderr]).toEqual([0, ""]);
  const onGpu = await run(["check", fixture, "--engine", "tfjs", "--backend", "webgpu"], await webGpuEnvironment());
  expect([onGpu.code, onGpu.stderr]).toEqual([0, ""]);
  expect(lastLine(onGpu)).toMatchObject({ engine: { name: "tfjs", variant: "webgpu" } });
});

describe("a sweep in it", () => {
  /** The last of a hundred seeds of p = 11 and p = 53, which nobody has stored. */
  const TINY = ["modulus", "--seeds", "100", "--shard", "200/700", "--max-epochs", "50"];
  const out = join(elsewhere, "out");
  let swept: Ended;
  beforeAll(async () => {
    swept = await run(["sweep", ...TINY, "--workers", "2"]);
  });

  test("trains in processes of its own what is missing, and its runs are whole", async () => {
    expect([swept.code, swept.stderr]).toEqual([0, expect.any(String)]);
    expect(lastLine(swept)).toMatchObject({ trained: 2, failed: [] });
    expect(listFolders(join(packed, "runs"))).toHaveLength(2);
    const verified = await run(["verify"]);
    expect([verified.code, verified.stdout.match(/^ok /gm)?.length]).toEqual([0, 2]);
  });

  test("leaves out what is stored where the pack was made", async () => {
    const known = JSON.parse(readFileSync(join(packed, "known-runs.json"), "utf8")) as { key: string }[];
    expect(known.map(({ key }) => key)).toEqual(
      listFolders(REFERENCE_STORE)
        .map((path) => path.slice(REFERENCE_STORE.length + 1))
        .filter((name) => existsSync(join(REFERENCE_STORE, name, "run.json"))),
    );
    const here = lastLine(await grok("sweep", "all", "--dry-run", "--out", REFERENCE_STORE));
    const there = lastLine(await run(["sweep", "all", "--dry-run", "--out", join(elsewhere, "nothing")]));
    expect(there).toEqual(here);
  });

  test("is collected, carried and merged, and is there as the repository itself would have it", async () => {
    const { code, stdout } = await run(["collect", out]);
    expect([code, JSON.parse(stdout)]).toMatchObject([0, { folder: out }]);
    const store = join(folder, "merged");
    const merged = await grok("merge", out, "--out", store);
    expect([merged.code, lastLine(merged)]).toMatchObject([0, { merged: 2, present: 0 }]);
    for (const path of listFolders(store)) expect(verifyRun(path).problems).toEqual([]);
    // The same machine, the same engine: the same bits, so that a sweep of the repository's own is a run that is present.
    const own = join(folder, "own");
    expect((await grok("sweep", ...TINY, "--out", own)).code).toBe(0);
    expect(lastLine(await grok("merge", store, "--out", own))).toMatchObject({ merged: 0, present: 2 });
  });
});

test("Node comes along compressed, and is unpacked when it is first needed", async () => {
  if (process.platform !== "linux" || process.arch !== "x64") return;
  // A program that tells what it was started with.
  const place = join(folder, "with node");
  const packedToo = await grok("pack", place, "--node", "/bin/echo");
  expect(packedToo.code).toBe(0);
  expect(readdirSync(place).filter((name) => name.startsWith("node."))).toHaveLength(1);
  const options = { GROK_NODE_OPTIONS: "--one --two" };
  for (let start = 0; start < 2; start++) {
    const { code, stdout } = await run(["bench", "a b"], options, place);
    expect([code, stdout]).toEqual([0, `--one --two ${join(place, "program/cli.js")} bench a b\n`]);
  }
  expect(readdirSync(place).filter((name) => name.startsWith("node."))).toHaveLength(1);
  expect(readFileSync(join(place, "node"))).toEqual(readFileSync("/bin/echo"));
});

test("the side-by-side writes a JSON line for each engine, those that fail too", () => {
  const lines = join(elsewhere, "lines.jsonl");
  // Not the engines: a pack whose program and Python answer at once.
  const quick = join(folder, "quick");
  mkdirSync(quick);
  writeFileSync(
    join(quick, "grok"),
    '#!/bin/sh\n[ "$3" = wasm ] && echo \'{"ms_per_step":1}\' && exit\necho "grok: no \\"GPU\\" here" >&2\nexit 2\n',
    { mode: 0o755 },
  );
  writeFileSync(join(quick, "side-by-side.sh"), readFileSync(join(packed, "side-by-side.sh")), { mode: 0o755 });
  execFileSync(join(quick, "side-by-side.sh"), [lines], {
    env: { PATH: "/usr/bin:/bin", PYTHON: "no-such-python" },
    stdio: "ignore",
  });
  const read = readFileSync(lines, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(read).toHaveLength(11);
  expect(read[0]).toEqual({ failed: expect.stringContaining("bench --engine webgpu"), reason: "grok: no GPU here" });
  expect(read[1].failed).toContain("--mode graph --fused");
  expect(read[10]).toEqual({ ms_per_step: 1 });
});

test("what cannot be packed is one line and exit 2, and leaves nothing", async () => {
  const place = join(folder, "refused");
  const refused = async (message: string, ...args: string[]) => {
    const { code, stdout, stderr } = await grok("pack", place, ...args);
    expect([code, stdout, stderr.trimEnd().split("\n").length]).toEqual([2, "", 1]);
    expect(stderr).toContain(`grok: ${message}`);
    expect(readdirSync(folder).filter((name) => name.includes("refused"))).toEqual([]);
  };
  await refused("option '--platform <name>' argument 'plan9-x64' is invalid", "--platform", "plan9-x64");
  await refused("--node: package.json is not allowed; allowed: Node's program for linux-x64", "--node", "package.json");
  await refused("--node: /nowhere is not allowed", "--node", "/nowhere");
  const full = await grok("pack", packed);
  expect([full.code, full.stdout]).toEqual([2, ""]);
  expect(full.stderr).toContain(`grok: ${packed}: is not empty`);
});
