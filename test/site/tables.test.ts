/** The tables and files that pages load, from the small stored runs and from an empty store. */
import { DataType, tableFromIPC } from "apache-arrow";
import { describe, expect, it } from "vitest";
import { readMetrics } from "../../data-loaders/run-store/store.js";
import { catalog } from "../../data-loaders/tables/catalog.js";
import { FONTS, font } from "../../data-loaders/tables/font.js";
import { metricsTable, progressTable, runsTable, spectraTable } from "../../data-loaders/tables/run-tables.js";
import { sampleRuns } from "../figures/stored-sample.js";

const { trained, twin } = sampleRuns();
const runs = [trained, twin];

describe("tables over all runs", () => {
  it("has each run's metrics under its key, value by value", () => {
    const table = tableFromIPC(metricsTable(runs));
    const stored = readMetrics(twin);
    const rows = table.toArray().filter((row) => row.run === twin.record.key);
    expect(rows.map((row) => row.epoch)).toEqual(stored.map(({ epoch }) => epoch));
    expect(rows.map((row) => row.test_loss)).toEqual(stored.map(({ test_loss }) => test_loss));
    expect(table.numRows).toBe(stored.length + readMetrics(trained).length);
  });

  it("has a row per run with configuration, milestones and key frequencies", () => {
    const [first, second] = tableFromIPC(runsTable(runs)).toArray();
    expect(first.toJSON()).toMatchObject({
      run: trained.record.key,
      modulus: 31,
      weight_decay: 2,
      grokked: trained.record.milestones.grokked,
      key_frequencies: trained.record.key_frequencies?.join(" "),
    });
    expect(second.grokked).toBeNull();
  });

  it("scales spectra back", () => {
    const table = tableFromIPC(spectraTable([trained]));
    const last = table.get(table.numRows - 1)?.toJSON();
    expect(last).toMatchObject({ run: trained.record.key, frequency: 15, epoch: 6000 });
    expect(last?.W_E % 1).not.toBe(0);
  });

  it.each([
    ["runs", runsTable],
    ["metrics", metricsTable],
    ["progress", progressTable],
    ["spectra", spectraTable],
  ])("keeps the columns of %s in an empty store", (_, make) => {
    const names = (bytes: Uint8Array) => tableFromIPC(bytes).schema.fields.map(({ name }) => name);
    const empty = tableFromIPC(make([]));
    expect(empty.numRows).toBe(0);
    expect(empty.schema.fields.filter(({ type }) => DataType.isDictionary(type))).toEqual([]);
    expect(names(make([]))).toEqual(names(make(runs)));
  });
});

describe("the catalogue", () => {
  it("ranks key frequencies and lists checkpoints", () => {
    const [run] = catalog(runs).runs;
    expect([...run.ranked_frequencies].sort((a, b) => a - b)).toEqual(trained.record.key_frequencies);
    expect(run.checkpoints).toHaveLength(4);
    expect(run.checkpoints.at(-1)).toBe(6000);
    expect(run.train_pairs).toBe(576);
  });

  it("is empty for an empty store", () => {
    expect(catalog([])).toEqual({ runs: [], canonical: null, twin: null });
  });
});

it("finds the fonts in their packages", () => {
  for (const name of FONTS) expect(new TextDecoder().decode(font(name).subarray(0, 4))).toBe("wOF2");
  expect(() => font("comic")).toThrow("no font named comic; allowed: inter, ");
});
