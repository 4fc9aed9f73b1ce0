/** `grok site build` beside another build of the same folder. */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { expect, test } from "vitest";

const program = fileURLToPath(new URL("../../data-loaders/cli.ts", import.meta.url));
const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;

test("a build is refused while another one goes on in its folder, and leaves all as it was", async () => {
  const folder = mkdtempSync(join(tmpdir(), "grok-build-"));
  const cache = join(folder, "src", ".observablehq", "cache");
  mkdirSync(cache, { recursive: true });
  const owner = { pid: process.pid, host: hostname(), since: "2026-01-01T00:00:00.000Z", started: null };
  writeFileSync(join(cache, "_build.lock"), JSON.stringify(owner));
  const child = spawn(process.execPath, ["--import", tsx, program, "site", "build"], { cwd: folder });
  let said = "";
  child.stderr.on("data", (data) => (said += data));
  const code = await new Promise((resolve) => child.once("close", resolve));
  expect(said).toBe(`grok: the site is being built by process ${process.pid} on ${hostname()} since ${owner.since}\n`);
  expect(code).toBe(2);
  expect(readdirSync(cache)).toEqual(["_build.lock"]);
  expect(existsSync(join(folder, "dist"))).toBe(false);
  rmSync(folder, { recursive: true });
});
