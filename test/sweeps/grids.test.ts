/** The eight grids: what they hold, and that shards part them. */
import { describe, expect, test, vi } from "vitest";
import { canonical } from "../../data-loaders/experiments/canonical.js";
import { FULL, SLIM } from "../../data-loaders/experiments/experiment.js";
import { SWEEPS } from "../../data-loaders/experiments/sweeps.js";
import { runKey } from "../../data-loaders/run-store/run-key.js";
import { distinctCells, parseShard, sweepRuns, sweepsNamed, workOf } from "../../data-loaders/sweeps/sweep-plan.js";
import { parseConfig } from "../../src/model/config.js";

const main = runKey(parseConfig({}));
const keysOf = (name: string) => sweepsNamed(name)[0].cells.map(({ config }) => runKey(config));

test("48 one-layer cells and 16 deeper ones, each once, all of 40,000 epochs", () => {
  const cells = distinctCells(SWEEPS);
  expect(cells.filter(({ layers }) => layers === 1)).toHaveLength(48);
  expect(cells.filter(({ layers }) => layers > 1)).toHaveLength(16);
  expect(new Set(cells.map((cell) => runKey(cell))).size).toBe(64);
  expect(new Set(cells.map(({ epochs }) => epochs))).toEqual(new Set([40_000]));
  const sizes = SWEEPS.map(({ name, cells }) => [name, cells.length]);
  expect(Object.fromEntries(sizes)).toEqual({
    "weight-decay": 8,
    "train-fraction": 10,
    "learning-rate": 6,
    operations: 5,
    depth: 15,
    "effective-weight-decay": 7,
    modulus: 14,
    numerics: 16,
  });
});

test("within a sweep no cell comes twice, and every sweep holds the main model", () => {
  for (const { name } of SWEEPS) {
    const keys = keysOf(name);
    expect(new Set(keys).size, name).toBe(keys.length);
    expect(keys, name).toContain(main);
  }
});

test("cells that sweeps share are the same run", () => {
  const shared = (one: string, other: string) => keysOf(one).filter((key) => keysOf(other).includes(key)).length;
  expect(shared("operations", "depth")).toBe(5);
  expect(shared("effective-weight-decay", "weight-decay")).toBe(2);
  expect(shared("effective-weight-decay", "learning-rate")).toBe(3);
  expect(shared("numerics", "learning-rate")).toBe(2);
  expect(shared("numerics", "depth")).toBe(3);
});

test("effective weight decay: the pairs of a group have one product", () => {
  const products = sweepsNamed("effective-weight-decay")[0].cells.map(({ config }) =>
    (config.learning_rate * config.weight_decay).toPrecision(3),
  );
  expect(products).toEqual(["0.00100", "0.00100", "0.00100", "0.00200", "0.00200", "0.00300", "0.00300"]);
});

test("the main model's runs are those of its own experiment, in full; all others are slim", () => {
  const runs = sweepRuns(SWEEPS, 4);
  const full = runs.filter(({ inFull }) => inFull).map(({ key }) => key);
  const own = canonical.cells.slice(0, 3).map(({ config }) => runKey(config));
  expect(full.sort()).toEqual(own.sort());
  expect(runs.find(({ key }) => key === main)?.keep).toEqual(FULL);
  expect(runs.filter(({ inFull }) => !inFull).every(({ keep }) => keep === SLIM)).toBe(true);
});

describe("the plan", () => {
  test("is cheapest first, the seeds of a cell together", () => {
    const runs = sweepRuns(sweepsNamed("modulus"), 2);
    expect(runs.slice(0, 4).map(({ config }) => [config.modulus, config.seed])).toEqual([
      [7, 0],
      [7, 1],
      [11, 0],
      [11, 1],
    ]);
    const depths = sweepRuns(SWEEPS, 1).map(({ config }) => config.layers);
    expect(depths).toEqual([...depths].sort());
    expect(workOf(parseConfig({}), 100)).toBeLessThan(workOf(parseConfig({}), 101));
  });

  test("shards are disjoint and together complete", () => {
    const all = sweepRuns(SWEEPS, 3).map(({ key }) => key);
    expect(all).toHaveLength(192);
    const parts = [1, 2, 3, 4, 5].map((index) => sweepRuns(SWEEPS, 3, { index, of: 5 }).map(({ key }) => key));
    expect(parts.flat().sort()).toEqual([...all].sort());
    expect(new Set(parts.flat()).size).toBe(192);
    for (const part of parts) expect(Math.abs(part.length - 192 / 5)).toBeLessThan(1);
  });

  test("has one order in every locale, so that shards of different machines fit together", () => {
    const here = sweepRuns(SWEEPS, 2);
    const elsewhere = vi.spyOn(String.prototype, "localeCompare").mockImplementation(function (this: string, that) {
      return this < that ? 1 : -1;
    });
    try {
      expect(sweepRuns(SWEEPS, 2)).toEqual(here);
    } finally {
      elsewhere.mockRestore();
    }
  });

  test("bad names and shards are refused in one line", () => {
    expect(parseShard("2/3")).toEqual({ index: 2, of: 3 });
    for (const text of ["0/2", "3/2", "1", "a/b", "1/0", "-1/2", "1/2/3", ""]) {
      expect(() => parseShard(text)).toThrow(`--shard: ${text} is not allowed; allowed: i/n with i from 1 to n`);
    }
    expect(() => sweepsNamed("weightdecay")).toThrow(
      /^sweep: weightdecay is not allowed; allowed: all, weight-decay, /,
    );
  });
});
