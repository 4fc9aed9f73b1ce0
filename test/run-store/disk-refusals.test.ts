/** What the disk refuses is said in one line with its reason; what is no run is passed over. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { makeFolder } from "../../data-loaders/run-store/durable.js";
import { listRuns, readRun } from "../../data-loaders/run-store/store.js";
import { onDisk, StoreError } from "../../data-loaders/run-store/store-error.js";

const folder = mkdtempSync(join(tmpdir(), "grok-refusals-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (...names: string[]) => join(folder, ...names);

describe("a folder", () => {
  test("is made with its parents, and may be there already", () => {
    makeFolder(at("a", "b", "c"));
    makeFolder(at("a", "b", "c"));
    expect(listRuns(at("a", "b", "c"))).toEqual({ runs: [], broken: [] });
  });

  test("that a file stands in the way of is refused", () => {
    writeFileSync(at("file"), "");
    expect(() => makeFolder(at("file"))).toThrow(`cannot make the folder ${at("file")}: there is a file where`);
    expect(() => makeFolder(at("file", "x"))).toThrow("a part of the path is a file, not a folder (ENOTDIR)");
  });

  test.runIf(process.platform === "linux")("that a file system has no room for is refused, not tried for ever", () => {
    expect(() => makeFolder("/proc/x/runs")).toThrow(StoreError);
    expect(() => makeFolder("/proc/x/runs")).toThrow(
      /^cannot make the folder \/proc\/x: its file system takes no folders \(ENOENT\)$/,
    );
  });
});

test("a link in a store that leads nowhere is no run", () => {
  mkdirSync(at("store"));
  symlinkSync(at("nowhere"), at("store", "link"));
  expect(listRuns(at("store"))).toEqual({ runs: [], broken: [] });
});

test("a folder without run.json says so", () => {
  mkdirSync(at("empty"));
  expect(() => readRun(at("empty"))).toThrow(`cannot read ${at("empty", "run.json")}: it is not there (ENOENT)`);
});

test.each([
  ["EACCES", "no permission"],
  ["EPERM", "no permission"],
  ["ENOSPC", "the disk is full"],
  ["EUNKNOWN", "the file system refuses"],
])("%s: %s", (code, reason) => {
  const refuse = () => {
    throw Object.assign(new Error("refused"), { code });
  };
  expect(() => onDisk("read", "runs/a", refuse)).toThrow(`cannot read runs/a: ${reason} (${code})`);
});
