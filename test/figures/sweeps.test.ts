/** The figures that all sweeps share, on the small stored sweep: with its gap, on a part of it, and on nothing. */
import { describe, expect, it } from "vitest";
import { roomy } from "../../src/figures/sweeps/cell-axis.js";
import { epochsToGrok } from "../../src/figures/sweeps/epochs-to-grok.js";
import { fateInWords, inventoryOf } from "../../src/figures/sweeps/outcomes.js";
import * as quantities from "../../src/figures/sweeps/quantities.js";
import { placeCells, type Sweep, type SweptQuantity } from "../../src/figures/sweeps/sweep.js";
import { columnsFor, sweepCurves } from "../../src/figures/sweeps/sweep-curves.js";
import { animationStops, sweepOverlay } from "../../src/figures/sweeps/sweep-overlay.js";
import type { SweepRow } from "../../src/figures/sweeps/sweep-rows.js";
import { drawOnPaper, expectSnapshot } from "./snapshot.js";
import { MISSING_DECAY, sweepSample } from "./sweep-sample.js";

const sample = sweepSample();
const { rows, curves } = sample;
const sweep: Sweep = { grid: sample.grid, quantity: quantities.weightDecay };
const tables = { rows, curves };
const figures = [epochsToGrok(sweep, 1), sweepOverlay(sweep, 2), sweepCurves(sweep, 3)];

/** The same grid before anything of it is trained. */
const untrained: Sweep = {
  ...sweep,
  grid: { ...sample.grid, cells: sample.grid.cells.map((cell) => ({ ...cell, seeds: [] })) },
};
const nothing = { rows: [], curves: [] };

describe.each(figures)("$name", (figure) => {
  it("is drawn as before", () => {
    expectSnapshot(`sweep-${figure.id}`, drawOnPaper(figure, tables, { epoch: 600 }));
    expectSnapshot(`sweep-${figure.id}-loss-narrow`, drawOnPaper(figure, tables, { measure: "loss", width: 340 }));
  });

  it("takes the height it asked for, with and without runs", () => {
    for (const width of [340, 960]) {
      for (const data of [tables, nothing]) {
        expect(Number(drawOnPaper(figure, data, { width }).getAttribute("height"))).toBe(figure.height(width));
      }
    }
  });

  it("tells a screen reader what it says, and draws no nonsense", () => {
    for (const data of [tables, nothing]) {
      const svg = drawOnPaper(figure, data);
      expect(svg.getAttribute("role")).toBe("img");
      expect(svg.getAttribute("aria-label")).toMatch(/epoch/i);
      expect((svg.getAttribute("aria-description") as string).length).toBeGreaterThan(20);
      expect(/.{0,40}(NaN|undefined|Infinity)/.exec(svg.outerHTML)?.[0] ?? "sound").toBe("sound");
    }
  });

  it("says that nothing is trained, and that there is no such grid", () => {
    expect(figure.claim(nothing, {})).toBe("None of the 7 cells is trained yet");
    expect(figure.headline(nothing, {}).value).toBeNull();
    const [none] = [epochsToGrok, sweepOverlay, sweepCurves].map((make) =>
      make({ ...sweep, grid: { ...sweep.grid, cells: [] } }),
    );
    expect(none.gap(nothing, {})).toMatch(/no cells/);
  });

  it("gives one flat row per mark, with the same columns", () => {
    const given = figure.rows(tables, {});
    const names = Object.keys(given[0]);
    for (const row of given) expect(Object.keys(row)).toEqual(names);
  });
});

describe("epochs to grok", () => {
  const [figure] = figures;
  it("counts what groks, what fell back and what was stopped", () => {
    const claim = figure.claim(tables, {});
    expect(claim).toMatch(
      /^3 of the 6 trained cells of 7 grok, from epoch 230 \(weight decay 5\) to 2,600 \(weight decay 1\)/,
    );
    expect(claim).toMatch(/weight decay 3 passes 95\s% and falls back/);
    expect(claim).toMatch(/weight decay 0 and weight decay 0\.5 do not by epoch 3,000/);
    expect(figure.headline(tables, {}).value).toBeCloseTo(2600 / 230);
  });

  it("lets no early seed stand for its cell", () => {
    const two = rows.filter(({ weight_decay }) => weight_decay === 2 || weight_decay === 1);
    const later = [1, 2].map((seed) => ({
      ...two[0],
      seed,
      run: `made up ${seed}`,
      grokked: null,
      first_crossing: null,
    }));
    const claim = (runs: typeof rows) => figure.claim({ rows: runs, curves }, {});
    expect(claim([...two, ...later])).toBe(
      "Of the 2 trained cells of 7 one groks: weight decay 2, at epoch 805; weight decay 1 (1 of 3 runs) groks in some runs",
    );
    expect(claim([two[0], ...later])).toBe("Only one of 7 cells is trained yet: weight decay 1 groks in 1 of 3 runs");
    expect(figure.headline({ rows: [two[0], ...later], curves }, {}).value).toBeNull();
  });

  it("has a row per run and one of the missing cell", () => {
    const outcomes = figure.rows(tables, {}).map(({ outcome }) => outcome);
    expect(outcomes.sort()).toEqual([
      ...["collapsed", "grokked", "grokked", "grokked", "grokked"],
      "not trained",
      "waiting",
      "waiting",
    ]);
  });

  it("says of a single trained cell that it is the only one", () => {
    const one = rows.filter(({ weight_decay }) => weight_decay === 1);
    expect(figure.claim({ rows: one, curves }, {})).toBe(
      "Only one of 7 cells is trained yet: weight decay 1 groks, at epoch 2,600",
    );
  });

  it("marks the censored, the collapsed and the missing apart", () => {
    const words = (data: typeof tables) => drawOnPaper(figure, data).textContent;
    for (const text of ["not grokked where the run ended", "passed 95\u00a0% and fell back", "not trained yet"]) {
      expect(words(tables)).toContain(text);
    }
    const fine = rows.filter(({ grokked }) => grokked !== null);
    expect(words({ rows: fine, curves })).not.toContain("fell back");
    expect(words({ rows: fine, curves })).not.toContain("had lost its training pairs too");
  });

  it("marks both times of a run that fell back in between, and says so", () => {
    const falters = (row: (typeof rows)[0]) => (row.weight_decay === 1 ? { ...row, first_crossing: 1000 } : row);
    const data = { rows: rows.map(falters).filter(({ weight_decay }) => weight_decay !== 3), curves };
    expect(figure.claim(data, {})).toContain(
      "to 1,000 (weight decay 1); weight decay 1 falls back in between, and stays from 2,600;",
    );
    expect(drawOnPaper(figure, data).textContent).toContain("passed 95\u00a0% and fell back");
    expect(fateInWords(data.rows.find(({ weight_decay }) => weight_decay === 1) as SweepRow)).toBe(
      "groks at 2,600, first past 95\u00a0% at 1,000",
    );
  });

  it("marks a run that lost even its training pairs, and says so", () => {
    const forgets = (row: (typeof rows)[0]) =>
      row.weight_decay === 0.5 ? { ...row, memorized: 50, final_train_accuracy: 0.01 } : row;
    const data = { rows: rows.map(forgets), curves };
    expect(figure.claim(data, {})).toContain("weight decay 0.5 memorizes and forgets; weight decay 0 does not by");
    expect(drawOnPaper(figure, data).textContent).toContain("had lost its training pairs too");
    expect(figure.rows(data, {}).filter(({ outcome }) => outcome === "forgot")).toHaveLength(1);
  });
});

describe("the overlay", () => {
  const [, figure] = figures;
  it("moves its claim and its headline with the epoch", () => {
    expect(figure.claim(tables, { epoch: 250 })).toMatch(/^At epoch 250, 2 of 7 runs know/);
    expect(figure.claim(tables, {})).toMatch(/^Where they end, 4 of 7 runs know/);
    expect(figure.headline(tables, { epoch: 20 }).value).toBe(0);
  });

  it("stops at even steps of its axis, first and last among them", () => {
    for (const kind of ["log", "linear"]) {
      const stops = animationStops(kind, 4000);
      expect(stops).toEqual([...new Set(stops)].sort((a, b) => a - b));
      expect([stops[0], stops.at(-1)]).toEqual([kind === "log" ? 10 : 0, 4000]);
    }
  });
});

describe("small multiples", () => {
  it("draw a missing cell as a panel with the command that trains it", () => {
    const text = drawOnPaper(figures[2], tables).textContent as string;
    expect(text).toContain("not trained yet");
    expect(text).toContain("grok sweep weight-decay");
    expect(text).toContain("not grokked by 3,000");
    expect(text).toContain("2 seeds, 800–810");
  });

  it.each([
    [8, 4],
    [10, 5],
    [6, 3],
    [5, 5],
    [7, 4],
    [16, 4],
    [1, 1],
  ])("of %i cells stand in %i columns", (cells, columns) => expect(columnsFor(cells, 960)).toBe(columns));

  it("keep the columns of a table on a phone", () => {
    expect([columnsFor(15, 340, 3), columnsFor(15, 340)]).toEqual([3, 2]);
  });
});

describe("what of a grid is trained", () => {
  it("names the gaps and what trains them", () => {
    const { text, missing, command } = inventoryOf(sweep);
    expect(text).toBe("6 of 7 cells are trained, with 1 to 2 seeds each.");
    expect(missing).toEqual([`weight decay ${MISSING_DECAY}`]);
    expect(command).toBe("npm run grok -- sweep weight-decay");
  });

  it("says so of an untrained and of a complete grid", () => {
    const none = inventoryOf(untrained);
    expect(none.text).toBe("None of the 7 cells is trained yet.");
    expect(none.missing.slice(0, 3)).toEqual(["weight decay 0", "0.5", "1"]);
    const whole = {
      ...sweep,
      grid: { ...sweep.grid, cells: sweep.grid.cells.filter(({ seeds }) => seeds.length === 1) },
    };
    expect(inventoryOf(whole)).toMatchObject({ text: "All 5 cells are trained, with 1 seed each.", missing: [] });
  });
});

describe("the axis of cells", () => {
  it("sets 0 apart on a log axis, and keeps the order", () => {
    const { cells, domain } = placeCells(sweep, rows);
    const places = cells.map(({ x }) => x);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places[1] - places[0]).toBeCloseTo(0.5);
    expect(domain[0]).toBeLessThan(places[0]);
  });

  it("leaves out names that would touch", () => {
    const ticks = [0, 1, 2, 30].map((x) => ({ x, tick: String(x), panel: "", runs: x === 2 ? 3 : 1 }));
    expect(roomy(ticks, 5).map(({ x }) => x)).toEqual([2, 30]);
    expect(roomy(ticks, 50)).toHaveLength(4);
  });

  it.each(Object.entries(quantities).filter((entry): entry is [string, SweptQuantity] => typeof entry[1] === "object"))(
    "%s places every cell and names it",
    (_, quantity) => {
      const { cells } = placeCells({ grid: sample.grid, quantity }, rows);
      for (const { x, tick, words, title } of cells) {
        expect(Number.isFinite(x)).toBe(true);
        for (const text of [tick, words, title]) expect(text.length).toBeGreaterThan(0);
      }
    },
  );
});
