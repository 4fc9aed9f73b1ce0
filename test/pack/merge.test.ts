/** Runs collected into a few files, and merged: what arrives, what is refused, and that a refusal changes nothing. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { SLIM } from "../../data-loaders/experiments/experiment.js";
import { collectRuns } from "../../data-loaders/pack/collect-runs.js";
import { IncomingRuns } from "../../data-loaders/pack/incoming-runs.js";
import { mergeRuns } from "../../data-loaders/pack/merge-runs.js";
import { encodeRecord } from "../../data-loaders/run-store/record-schema.js";
import { listFolders } from "../../data-loaders/run-store/store.js";
import { WorkingFolder } from "../../data-loaders/run-store/working-folder.js";
import { tar } from "../../data-loaders/tables/tar.js";
import type { EarlyEnd } from "../../src/training/early-end.js";
import { grok, lastLine, startGrok } from "../cli/spawn-grok.js";
import { ended, smallConfig, trainSmall } from "../runner/small-run.js";

vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

const folder = mkdtempSync(join(tmpdir(), "grok-merge-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (...names: string[]) => join(folder, ...names);

const train = (store: string, seed: number, earlyEnd?: EarlyEnd, keep = SLIM) =>
  ended(trainSmall(at(store), smallConfig({ seed, epochs: 200 }), { keep, earlyEnd }));

/** Two runs; one of them at other lengths, and with weights. */
let keys: string[];
beforeAll(async () => {
  const runs = [await train("both", 0), await train("both", 1)];
  keys = runs.map(({ record }) => record.key);
  await train("at 50", 0, { maxEpochs: 50 });
  await train("at 100", 0, { maxEpochs: 100 });
  await train("with weights", 0, undefined, { ...SLIM, checkpoints: 1 });
});

let stores = 0;
/** A store with what another has. */
function copyOf(store: string): string {
  const copy = at(`copy-${++stores}`);
  cpSync(at(store), copy, { recursive: true });
  return copy;
}
const emptyStore = () => at(`new-${++stores}`);

function merge(paths: string[], store: string, longer = false) {
  const incoming = new IncomingRuns(paths);
  try {
    return mergeRuns(incoming.runs, store, longer);
  } finally {
    incoming.close();
  }
}

/** Contents of all files of a store's runs, by path. */
const contents = (store: string) =>
  Object.fromEntries(
    listFolders(store).flatMap((run) =>
      readdirSync(run).map((name) => [
        join(run, name).slice(store.length),
        readFileSync(join(run, name)).toString("hex"),
      ]),
    ),
  );

/** Nothing of the store may change, and the message is one line. */
function refuses(paths: string[], store: string, message: string | RegExp, longer = false) {
  const before = contents(store);
  const existed = existsSync(store);
  expect(() => merge(paths, store, longer)).toThrow(message);
  expect(() => merge(paths, store, longer)).toThrow(/^[^\n]*nothing was merged[^\n]*$/);
  expect(contents(store)).toEqual(before);
  expect(existsSync(store)).toBe(existed);
}

/** Writes the parts of a store's runs into a folder. @returns their paths */
function collect(store: string, into: string): string[] {
  mkdirSync(into);
  const { parts } = collectRuns(at(store), []);
  return [...parts].map(([name, bytes]) => {
    writeFileSync(join(into, name), bytes);
    return join(into, name);
  });
}

describe("what is merged", () => {
  test("arrives with the same bytes, from stores, single runs and collected files", () => {
    const [store, single, files] = [emptyStore(), emptyStore(), emptyStore()];
    expect(merge([at("both")], store)).toEqual({ merged: 2, present: 0, longer: 0, shorter: 0 });
    expect(merge([at("both", keys[0]), at("both", keys[1])], single)).toMatchObject({ merged: 2 });
    expect(merge([...collect("both", at("collected"))], files)).toMatchObject({ merged: 2 });
    for (const each of [store, single, files]) {
      expect(contents(each)).toEqual(contents(at("both")));
      expect(readdirSync(each)).toEqual([...keys].sort());
    }
    expect(merge([at("collected")], emptyStore())).toMatchObject({ merged: 2 });
  });

  test("is counted where it is there already, or given twice", () => {
    const store = copyOf("both");
    expect(merge([at("both")], store)).toEqual({ merged: 0, present: 2, longer: 0, shorter: 0 });
    expect(merge([at("both"), at("both")], emptyStore())).toEqual({ merged: 2, present: 2, longer: 0, shorter: 0 });
  });

  test("is refused while another process trains it, and leaves a saved state alone", () => {
    const store = emptyStore();
    const underWay = new WorkingFolder(store, keys[0]);
    underWay.open();
    refuses([at("both")], store, `${keys[0]} is being trained by process ${process.pid}`);
    underWay.close();
    writeFileSync(join(underWay.path, "state.bin"), "saved");
    expect(merge([at("both")], store)).toMatchObject({ merged: 2 });
    expect(readFileSync(join(underWay.path, "state.bin"), "utf8")).toBe("saved");
  });
});

describe("other results of one run", () => {
  test("are a clash that names both, whichever way round, in the store or among what comes", () => {
    const store = copyOf("both");
    const named = `${at("with weights", keys[0])} and ${join(store, keys[0])} hold other results of one run`;
    refuses([at("with weights")], store, named);
    refuses([at("with weights")], store, named, true);
    refuses([at("at 50")], store, `${named.replace("with weights", "at 50")}, one of them ended early (--longer takes`);
    refuses([at("both"), at("with weights")], emptyStore(), `${at("both", keys[0])} hold other results`);
    refuses([at("at 50"), at("with weights")], store, "; and 1 more clashes; nothing was merged");
  });

  test("with --longer the longer is taken where the other ended early", () => {
    const store = copyOf("at 50");
    expect(merge([at("at 100")], store, true)).toEqual({ merged: 0, present: 0, longer: 1, shorter: 0 });
    expect(contents(store)).toEqual(contents(at("at 100")));
    expect(merge([at("at 50")], store, true)).toEqual({ merged: 0, present: 0, longer: 0, shorter: 1 });
    expect(contents(store)).toEqual(contents(at("at 100")));
    const counts = { merged: 1, present: 0, longer: 0, shorter: 1 };
    expect(merge([at("at 50"), at("at 100")], emptyStore(), true)).toEqual(counts);
    expect(merge([at("at 100"), at("at 50")], emptyStore(), true)).toEqual(counts);
    const rising = copyOf("at 50");
    expect(merge([at("at 100"), at("both")], rising, true)).toEqual({ merged: 1, present: 0, longer: 1, shorter: 1 });
    expect(contents(rising)).toEqual(contents(at("both")));
    expect(merge([at("both"), at("at 50"), at("at 100")], store, true)).toMatchObject({ longer: 1, shorter: 2 });
    expect(contents(store)).toEqual(contents(at("both")));
    expect(readdirSync(store).filter((name) => /^\.(arriving|leaving)/.test(name))).toEqual([]);
  });
});

describe("what is broken is refused", () => {
  const broken: [what: string, path: (run: string) => string, alter: (text: Buffer) => Buffer, says: RegExp][] = [
    ["a table", (run) => join(run, "metrics.arrow"), (bytes) => bytes.subarray(0, 500), /metrics\.arrow: truncated/],
    ["run.json", (run) => join(run, "run.json"), (bytes) => bytes.subarray(0, 100), /run\.json: is not whole JSON/],
    [
      "results",
      (run) => join(run, "run.json"),
      (bytes) => Buffer.from(bytes.toString().replace(/"loss_spikes": \d+/, '"loss_spikes": 9')),
      /was altered/,
    ],
    [
      "the numerics version",
      (run) => join(run, "run.json"),
      (bytes) => {
        const { sha256: _, ...record } = JSON.parse(bytes.toString());
        record.engine.numerics_version = 0;
        return Buffer.from(encodeRecord(record));
      },
      /is of numerics version 0, this is 1/,
    ],
  ];

  test.each(broken)("in a run that comes: %s; the whole runs beside it stay out too", (_, path, alter, says) => {
    const coming = copyOf("both");
    const file = path(join(coming, keys[1]));
    writeFileSync(file, alter(readFileSync(file)));
    refuses([coming], emptyStore(), says);
    refuses([coming], copyOf("at 50"), says);
  });

  test("in the store", () => {
    const store = copyOf("both");
    const path = join(store, keys[0], "metrics.arrow");
    writeFileSync(path, readFileSync(path).subarray(0, 500));
    refuses([at("both")], store, `${path}: truncated or altered`);
    const outdated = copyOf("both");
    const record = join(outdated, keys[1], "run.json");
    const { sha256: _, ...older } = JSON.parse(readFileSync(record, "utf8"));
    older.engine.numerics_version = 0;
    writeFileSync(record, encodeRecord(older));
    refuses([at("both", keys[0])], outdated, `${record}: is of numerics version 0`);
  });

  test("what is not a run, and what is missing", () => {
    const odd = copyOf("both");
    writeFileSync(join(odd, "notes.txt"), "");
    refuses([odd], emptyStore(), `${join(odd, "notes.txt")}: is neither a run's folder nor a part`);
    writeFileSync(at("runs.zip"), "");
    refuses([at("runs.zip")], emptyStore(), `${at("runs.zip")}: is neither`);
    refuses([at("nowhere")], emptyStore(), `${at("nowhere")}: no such file or folder`);
    mkdirSync(at("empty"));
    refuses([at("empty")], emptyStore(), `${at("empty")}: holds no runs`);
    const linked = copyOf("both");
    symlinkSync(at("nowhere"), join(linked, "link"));
    refuses([linked], emptyStore(), `${join(linked, "link")}: is neither a run's folder nor a part`);
    const hollow = copyOf("both");
    mkdirSync(join(hollow, "hollow"));
    refuses([hollow], emptyStore(), `cannot read ${join(hollow, "hollow", "run.json")}: it is not there (ENOENT)`);
    const stray = copyOf("both");
    writeFileSync(join(stray, keys[0], "notes.txt"), "");
    refuses([stray], emptyStore(), "notes.txt: not a file of this run");
  });
});

test("as a command: one JSON object, or one line and exit 2", async () => {
  const [out, store] = [at("out"), emptyStore()];
  const collected = await grok("collect", out, "--store", at("both"));
  expect(lastLine(collected)).toMatchObject({ runs: 2, folder: out, files: [{ name: readdirSync(out)[0] }] });
  const merged = await grok("merge", out, "--out", store);
  expect([merged.code, lastLine(merged)]).toEqual([0, { merged: 2, present: 0, longer: 0, shorter: 0, store }]);
  const clash = await grok("merge", at("at 50"), "--out", store);
  expect([clash.code, clash.stdout, clash.stderr.trimEnd().split("\n")]).toEqual([2, "", [expect.any(String)]]);
  expect(clash.stderr).toContain("nothing was merged");
  const full = await grok("collect", out, "--store", at("both"));
  expect([full.code, full.stdout]).toEqual([2, ""]);
  expect(full.stderr).toContain(`grok: ${out}: is not empty`);
});

describe("interrupted", () => {
  /** Files of a run, run.json among them: the fault hits the second run. */
  const FILES = 4;

  test("by a full disk, a merge leaves whole runs only, and is completed by the same merge", async () => {
    const store = emptyStore();
    const full = await startGrok(["merge", at("both"), "--out", store], `run:writing,${FILES + 2},ENOSPC`).ended;
    expect([full.code, full.stdout]).toEqual([1, ""]);
    expect(full.stderr.trimEnd().split("\n").at(-1)).toMatch(/^grok: cannot write .*the disk is full \(ENOSPC\)$/);
    expect(readdirSync(store)).toEqual([[...keys].sort()[0]]);
    expect(merge([at("both")], store)).toMatchObject({ merged: 1, present: 1 });
    expect(contents(store)).toEqual(contents(at("both")));
  });

  test("by a kill, neither the new run nor the one it replaces is lost", async () => {
    const store = copyOf("at 50");
    const merging = startGrok(["merge", at("both"), "--longer", "--out", store], `run:written,${FILES},wait`);
    expect(await merging.says("waiting at run:written")).toBe(true);
    merging.child.kill("SIGKILL");
    await merging.ended;
    expect(contents(store)).toEqual(contents(at("at 50")));
    expect(merge([at("both")], store, true)).toMatchObject({ merged: 1, longer: 1 });
    expect(contents(store)).toEqual(contents(at("both")));
  });
});

test("an archive that leads outside, or holds anything else, is refused", async () => {
  const { makeParts } = await import("../../data-loaders/pack/result-parts.js");
  for (const path of ["../evil/run.json", "/etc/run.json", "a/b/run.json", "a/other.txt", "run.json"]) {
    const [[name, bytes]] = makeParts(new Map([[path, Buffer.from("{}")]]));
    writeFileSync(at(name), bytes);
    refuses([at(name)], emptyStore(), `${path} is not a file of a run`);
  }
  expect(tar(new Map()).length).toBe(1024);
});
