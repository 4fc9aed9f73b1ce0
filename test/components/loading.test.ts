import { expect, it } from "vitest";
import { toCsv } from "../../src/components/figure-downloads.js";
import { failed, failureOf, readJson, rowsOf } from "../../src/components/loading.js";

it("marks empty data with the reason, and finds it among the fields of a figure's data", () => {
  const rows = failed([] as number[], new Error("no table"));
  expect([...rows]).toEqual([]);
  expect(failureOf(rows)).toBe("no table");
  expect(failureOf({ run: {}, metrics: [1], progress: rows })).toBe("no table");
  expect(failureOf({ run: undefined, metrics: [1], failure: undefined })).toBeNull();
  expect(failureOf(undefined)).toBeNull();
});

it("names the file that did not come", async () => {
  const file = { name: "catalog.json", json: () => Promise.reject(new Error("status 404")) };
  const loaded = await readJson(file, { runs: [] });
  expect(loaded.runs).toEqual([]);
  expect(failureOf(loaded)).toBe("the file “catalog.json” could not be loaded (status 404)");
});

it("turns columns into rows", () => {
  expect(rowsOf({ epoch: [0, 10], loss: [4, 3] })).toEqual([
    { epoch: 0, loss: 4 },
    { epoch: 10, loss: 3 },
  ]);
  expect(rowsOf({})).toEqual([]);
});

it("writes CSV with quotes where they are needed", () => {
  expect(toCsv([{ name: 'a "b", c', value: 1.5, none: null }])).toBe('name,value,none\r\n"a ""b"", c",1.5,');
  expect(toCsv([])).toBe("");
});
