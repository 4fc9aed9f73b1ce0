/** The store on disk: tables there and back, sizes, runs that are whole, broken or replaced. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tableFromIPC } from "apache-arrow";
import { afterAll, describe, expect, test } from "vitest";
import { SLIM } from "../../data-loaders/experiments/experiment.js";
import { encodeRecord } from "../../data-loaders/run-store/record-schema.js";
import { runKey } from "../../data-loaders/run-store/run-key.js";
import {
  listRuns,
  readMetrics,
  readProgress,
  readRun,
  readSpectra,
  writeRun,
} from "../../data-loaders/run-store/store.js";
import { StoreError } from "../../data-loaders/run-store/store-error.js";
import {
  decodeTable,
  encodeSpectra,
  encodeTable,
  METRICS_COLUMNS,
  PROGRESS_COLUMNS,
} from "../../data-loaders/run-store/tables.js";
import { parseConfig, type RunConfig } from "../../src/model/config.js";
import type { MetricsRow, ProgressRow, RunRecord, SpectraRow } from "../../src/training/run-record.js";

const folder = mkdtempSync(join(tmpdir(), "grok-store-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A row whose numbers all differ and are float32. */
const metricsRow = (epoch: number): MetricsRow => {
  const names = Object.keys(METRICS_COLUMNS) as (keyof MetricsRow)[];
  const values = names.map((name, i) => [name, Math.fround((i + 1) / (epoch + 30))]);
  return { ...(Object.fromEntries(values) as unknown as MetricsRow), epoch, loss_spikes: 3 };
};

const progressRow = (epoch: number): ProgressRow => ({
  epoch,
  restricted_train: 0.5,
  restricted_test: 0.25,
  restricted_all: 0.125,
  excluded_train: 2,
  excluded_max: 4,
  excluded_by_frequency: [1, 2, 3, 4, 5],
  gini_W_E: 0.75,
  gini_W_L: 0.5,
});

const spectraRows = (epoch: number, frequencies: number): SpectraRow[] =>
  Array.from({ length: frequencies }, (_, i) => ({
    epoch,
    frequency: i + 1,
    W_E: i / 7,
    W_L: 1 / (i + 1),
    logits: 100 * i,
  }));

const tables = (rows: number, progress: number, spectra: number) => ({
  "metrics.arrow": encodeTable(
    Array.from({ length: rows }, (_, i) => metricsRow(i)),
    METRICS_COLUMNS,
  ),
  "progress.arrow": encodeTable(
    Array.from({ length: progress }, (_, i) => progressRow(i)),
    PROGRESS_COLUMNS,
  ),
  "spectra.arrow": encodeSpectra(Array.from({ length: spectra }, (_, i) => spectraRows(i, 56)).flat()),
});

function recordOf(config: RunConfig, epoch: number): Omit<RunRecord, "files"> {
  const { train_loss, test_loss, train_accuracy, test_accuracy } = metricsRow(epoch);
  return {
    key: runKey(config),
    config,
    engine: { name: "wasm", variant: "relaxed-fma", adapter: "cpu", numerics_version: 1 },
    versions: { node: "20.19.0" },
    created: "2026-01-01T00:00:00.000Z",
    wall_seconds: 1234.5,
    milestones: {
      memorized: 150,
      grokked: 8000,
      first_crossing: 8000,
      test_accuracy_climbs: 3000,
      gini_rises: 500,
      weight_norm_peaks: 1000,
      evaluation_interval: 50,
    },
    key_frequencies: [14, 35, 41, 42, 52],
    final: { train_loss, test_loss, train_accuracy, test_accuracy },
    ended: { epoch, reason: "complete" },
    loss_spikes: 3,
  };
}

describe("tables", () => {
  test("metrics come back as they went in, missing numbers too", () => {
    const rows = [{ ...metricsRow(0), test_accuracy_seen_mirror: null }, metricsRow(1)];
    expect(decodeTable(encodeTable(rows, METRICS_COLUMNS), METRICS_COLUMNS).rows).toEqual(rows);
  });

  test("progress measures come back, with and without key frequencies", () => {
    const none = { ...progressRow(1), restricted_all: null, excluded_by_frequency: null };
    const rows = [progressRow(0), none];
    expect(decodeTable(encodeTable(rows, PROGRESS_COLUMNS), PROGRESS_COLUMNS).rows).toEqual(rows);
    expect(decodeTable<ProgressRow>(encodeTable<ProgressRow>([], PROGRESS_COLUMNS), PROGRESS_COLUMNS).rows).toEqual([]);
  });

  test("spectra are 16-bit integers with a scale for each column", () => {
    const rows = spectraRows(3, 56);
    const table = tableFromIPC(encodeSpectra(rows));
    expect(table.schema.fields.map(String)).toEqual(
      expect.arrayContaining(["frequency: Uint16", "W_E: Int16", "logits: Int16"]),
    );
    expect(Math.max(...(table.getChild("logits")!.toArray() as Int16Array))).toBe(32767);
    expect(Number(table.schema.metadata.get("scale_logits"))).toBeCloseTo(5500 / 32767, 12);
  });

  test("are IPC streams", () => {
    // The file format begins with the letters ARROW1, a stream with a continuation mark.
    expect([...encodeTable([metricsRow(0)], METRICS_COLUMNS).subarray(0, 4)]).toEqual([255, 255, 255, 255]);
  });

  test("of other columns are refused in one line", () => {
    const bytes = encodeTable([progressRow(0)], PROGRESS_COLUMNS);
    expect(() => decodeTable(bytes, METRICS_COLUMNS)).toThrow(
      /^column "restricted_train: Float32" is not as expected; [^\n]*$/,
    );
  });

  test("of a run without weights at p = 113 take at most 20 kB, its record included", () => {
    const store = join(folder, "slim");
    const run = writeRun(
      store,
      recordOf(parseConfig({}), 80),
      tables(SLIM.metrics as number, SLIM.progress, SLIM.spectra),
    );
    const bytes = readdirSync(run.folder).map((name) => readFileSync(join(run.folder, name)).length);
    expect(bytes).toHaveLength(4);
    expect(bytes.reduce((sum, size) => sum + size)).toBeLessThanOrEqual(20_000);
  });
});

describe("runs", () => {
  const store = join(folder, "runs");
  const [first, second] = [0, 1].map((seed) => recordOf(parseConfig({ seed }), 9));
  writeRun(store, first, tables(10, 5, 2));
  writeRun(store, second, tables(10, 5, 2));

  test("are listed by key, their tables read", () => {
    const { runs, broken } = listRuns(store);
    expect(broken).toEqual([]);
    expect(runs.map(({ record }) => record.key)).toEqual([first.key, second.key].sort());
    expect(readMetrics(runs[0])).toHaveLength(10);
    expect(readProgress(runs[0])[4]).toEqual(progressRow(4));
    const [spectra, expected] = [readSpectra(runs[0])[111], spectraRows(1, 56)[55]];
    expect(spectra.logits).toBeCloseTo(expected.logits, 6);
    expect(Math.abs(spectra.W_L - expected.W_L)).toBeLessThan(1 / 32767);
    expect(listRuns(join(folder, "nowhere"))).toEqual({ runs: [], broken: [] });
  });

  test("are replaced in one step, leaving nothing else", () => {
    const again = writeRun(store, { ...first, wall_seconds: 7 }, tables(10, 5, 2));
    expect(readRun(again.folder).record.wall_seconds).toBe(7);
    expect(readdirSync(store)).toEqual([first.key, second.key].sort());
  });

  const damages: { what: string; alter: (text: string) => string; says: RegExp }[] = [
    { what: "cut short", alter: (text) => text.slice(0, -40), says: /is not whole JSON$/ },
    { what: "empty", alter: () => "", says: /is not whole JSON$/ },
    { what: "without a field", alter: (text) => text.replace('"key_frequencies"', '"keys"'), says: /key_frequencies/ },
    { what: "of altered results", alter: (text) => text.replace("8000", "7000"), says: /was altered/ },
    {
      what: "of another configuration",
      alter: (text) => resealed(text, { config: parseConfig({ seed: 5 }) }),
      says: /is not that of its configuration/,
    },
    {
      what: "of older numerics",
      alter: (text) => resealed(text, { engine: { ...first.engine, numerics_version: 0 } }),
      says: /is of numerics version 0, this is 1/,
    },
  ];

  test.each(damages)("with a run.json $what are named, and never listed as data", ({ what, alter, says }) => {
    // A path may read like a message.
    const damaged = join(folder, `${what}: is of numerics version 0`);
    const { folder: run } = writeRun(damaged, first, tables(10, 5, 2));
    const path = join(run, "run.json");
    writeFileSync(path, alter(readFileSync(path, "utf8")));
    const { runs, broken } = listRuns(damaged);
    expect(runs).toEqual([]);
    expect(broken).toHaveLength(1);
    const [{ key, line, outdated }] = broken;
    expect(key).toBe(first.key);
    expect(line).toMatch(says);
    expect(line.startsWith(`${path}: `)).toBe(true);
    expect(line).not.toContain("\n");
    expect(outdated).toBe(what === "of older numerics");
  });

  test("with a truncated or absent table throw when it is read", () => {
    const damaged = writeRun(join(folder, "tables"), first, tables(10, 5, 2));
    const path = join(damaged.folder, "metrics.arrow");
    writeFileSync(path, readFileSync(path).subarray(0, 500));
    expect(() => readMetrics(damaged)).toThrow(StoreError);
    expect(() => readMetrics(damaged)).toThrow(`${path}: truncated or altered`);
    rmSync(path);
    expect(() => readMetrics(damaged)).toThrow(`cannot read ${path}`);
    expect(readProgress(damaged)).toHaveLength(5);
  });

  test("in a folder of another name are named", () => {
    const renamed = join(folder, "renamed");
    const { record } = writeRun(renamed, first, tables(10, 5, 2));
    writeRun(renamed, second, tables(10, 5, 2));
    writeFileSync(join(renamed, second.key, "run.json"), encodeRecord(record));
    const line = `${join(renamed, second.key)}: holds the run ${first.key}`;
    expect(listRuns(renamed).broken).toEqual([{ key: second.key, line, outdated: false }]);
  });
});

/** A run.json with other content and a checksum that fits it. */
function resealed(text: string, change: object): string {
  const { sha256: _, ...record } = JSON.parse(text);
  return encodeRecord({ ...record, ...change });
}
