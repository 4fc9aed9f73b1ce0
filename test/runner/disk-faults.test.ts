/** A disk that fails: one line that names the path and the reason, nothing half-written, and the run can go on. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { listRuns } from "../../data-loaders/run-store/store.js";
import { StoreError } from "../../data-loaders/run-store/store-error.js";
import { verifyRun } from "../../data-loaders/runner/verify-run.js";
import { ended, smallConfig, trainSmall } from "./small-run.js";

// Processes and engines start slowly on a busy machine.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

const folder = mkdtempSync(join(tmpdir(), "grok-disk-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(() => vi.unstubAllEnvs());

const config = smallConfig();
const tables = ["metrics.arrow", "spectra.arrow", "progress.arrow", "checkpoints.arrow"];
const bytesOf = (run: string) => tables.map((name) => readFileSync(join(run, name)).toString("base64"));

describe("a write that fails", () => {
  let undisturbed: string[];
  beforeAll(async () => {
    const run = await ended(trainSmall(join(folder, "undisturbed"), config));
    undisturbed = bytesOf(run.folder);
  });

  test.each([
    { fault: "state:writing,3,ENOSPC", says: /^cannot write .*state\.bin: the disk is full \(ENOSPC\)$/ },
    {
      fault: "state:written,6,EIO",
      says: /^cannot write .*state\.bin: the disk reports an input\/output error \(EIO\)$/,
    },
    {
      fault: "candidate:written,4,ENOSPC",
      says: /^cannot write .*weights-00000003\.f32: the disk is full \(ENOSPC\)$/,
    },
    { fault: "run:writing,3,ENOSPC", says: /^cannot write .*s0-[0-9a-f]{8}: the disk is full \(ENOSPC\)$/ },
    { fault: "run:written,5,EROFS", says: /^cannot write .*s0-[0-9a-f]{8}: the file system is read-only \(EROFS\)$/ },
    { fault: "run:written,1,EACCES", says: /^cannot write .*s0-[0-9a-f]{8}: no permission \(EACCES\)$/ },
  ])("$fault", async ({ fault, says }) => {
    const store = join(folder, fault.replaceAll(/\W/g, "-"));
    vi.stubEnv("GROK_FAULT", fault);
    const failure = await trainSmall(store, config, { saveEvery: 0 }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(StoreError);
    expect((failure as Error).message).toMatch(says);
    expect(listRuns(store)).toEqual({ runs: [], broken: [] });
    const left = (readdirSync(store, { recursive: true }) as string[]).filter((path) =>
      /\.(new|arriving|leaving)|lock/.test(path),
    );
    expect(left).toEqual([]);

    vi.stubEnv("GROK_FAULT", "");
    const run = await ended(trainSmall(store, config));
    expect(verifyRun(run.folder).problems).toEqual([]);
    expect(bytesOf(run.folder)).toEqual(undisturbed);
  });

  test("a run that cannot be replaced stays as it was", async () => {
    const store = join(folder, "replaced");
    const first = await ended(trainSmall(store, config));
    const before = readFileSync(join(first.folder, "run.json"), "utf8");
    vi.stubEnv("GROK_FAULT", "run:written,4,ENOSPC");
    await expect(trainSmall(store, config, { startOver: true })).rejects.toThrow("the disk is full");
    expect(readFileSync(join(first.folder, "run.json"), "utf8")).toBe(before);
    expect(verifyRun(first.folder).problems).toEqual([]);
  });
});
