/** Stored weights as files of the site, and back in the browser's own code. */
import { expect, it } from "vitest";
import { readCheckpoints } from "../../data-loaders/run-store/store.js";
import { checkpointArchive, checkpointPaths } from "../../data-loaders/tables/checkpoint-files.js";
import { storedRuns } from "../../data-loaders/tables/stored-runs.js";
import { tar } from "../../data-loaders/tables/tar.js";
import { decodeCheckpoint } from "../../src/components/checkpoint/decode-checkpoint.js";
import { sampleRuns } from "../figures/stored-sample.js";
import { tarFiles } from "../packaged-chromium/tar.js";

const { trained } = sampleRuns();
const { key, config } = trained.record;

const filesOf = (archive: Uint8Array) => new Map([...tarFiles(archive)].map(({ path, bytes }) => [path, bytes]));

it("has each checkpoint of a run as a file of its own, which decodes to the stored weights", () => {
  const stored = readCheckpoints(trained);
  const files = filesOf(checkpointArchive(key, [trained]));
  expect([...files.keys()]).toEqual(stored.map(({ epoch }) => `${epoch}.arrow`));
  for (const { epoch, parameters } of stored) {
    const bytes = Uint8Array.from(files.get(`${epoch}.arrow`)!).buffer;
    expect(decodeCheckpoint(config, bytes)).toEqual(parameters);
  }
});

it("names their paths, as the archive's run and entry", () => {
  const epochs = readCheckpoints(trained).map(({ epoch }) => epoch);
  expect(checkpointPaths([trained])).toEqual(epochs.map((epoch) => `/checkpoints/${key}/${epoch}.arrow`));
});

it("keeps every checkpoint of the committed runs within 1 MB", () => {
  const largest = [];
  for (const run of storedRuns().filter((each) => each.record.files["checkpoints.arrow"])) {
    const files = filesOf(checkpointArchive(run.record.key, [run]));
    largest.push(Math.max(...[...files.values()].map(({ length }) => length)));
  }
  expect(largest.length).toBeGreaterThan(0);
  expect(Math.max(...largest)).toBeLessThanOrEqual(1_000_000);
});

it("refuses a run that is not stored, and a file that is not a checkpoint", () => {
  expect(() => checkpointArchive("no-such-run", [trained])).toThrow("no run no-such-run is stored");
  expect(() => decodeCheckpoint(config, new Uint8Array([1, 2, 3]).buffer)).toThrow(/checkpoint/);
});

it("writes archives whose checksums and sizes another reader takes", () => {
  const files = new Map([
    ["a.bin", Uint8Array.from({ length: 512 }, (_, i) => i)],
    ["empty", new Uint8Array()],
    ["b.txt", Buffer.from("one more")],
  ]);
  const read = filesOf(tar(files));
  expect([...read].map(([name, bytes]) => [name, [...bytes]])).toEqual(
    [...files].map(([name, bytes]) => [name, [...bytes]]),
  );
  expect(() => tar(new Map([["x".repeat(100), new Uint8Array()]]))).toThrow(RangeError);
});
