/** The sentences of the sweeps' pages: right on the small stored sweep, and silent where there is too little. */
import { describe, expect, it } from "vitest";
import { formatNumber } from "../../src/figures/format.js";
import { outcome } from "../../src/figures/sweeps/cell-panel.js";
import {
  againstFirst,
  depthSentence,
  edgeSentence,
  lawSentence,
  memorySentence,
  seedSentence,
  spikeSentence,
  stopSentence,
} from "../../src/figures/sweeps/findings.js";
import { depth, weightDecay } from "../../src/figures/sweeps/quantities.js";
import type { PlacedCell, Sweep } from "../../src/figures/sweeps/sweep.js";
import { sweepSample } from "./sweep-sample.js";

const { grid, rows } = sweepSample();
const sweep: Sweep = { grid, quantity: weightDecay };

describe("on the stored sweep", () => {
  it("says when pairs are memorized", () => {
    expect(memorySentence(rows)).toBe("All 7 runs memorize their training pairs, between epochs 70 and 140.");
    const [first, ...others] = rows;
    expect(memorySentence([{ ...first, memorized: null }, ...others])).toMatch(/^6 of 7 runs .* the others do not\.$/);
    const forgot = { ...first, grokked: null, first_crossing: null, final_train_accuracy: 0.01 };
    expect(memorySentence([forgot, ...others])).toMatch(/^All 7 runs memorize .* 140; 1 of them loses them again\.$/);
    expect(memorySentence([first])).toMatch(/^The one run memorizes its training pairs, at epoch 70/);
  });

  it("says which runs were stopped, and by what rule", () => {
    expect(stopSentence(rows)).toBe(
      "5 of 7 runs were stopped before their last epoch to save time: 4 once they had grokked, 500 to 540 epochs later; 1 that had not, at epoch 3,000.",
    );
    expect(stopSentence(rows.map((row) => ({ ...row, ended_reason: "complete" })))).toBeNull();
  });

  it("fits the power over the runs that grok alone", () => {
    const exact = [1, 2, 4].map((decay) => ({ ...rows[0], weight_decay: decay, grokked: 8000 / decay }));
    expect(lawSentence([...exact, rows[0]], (row) => row.weight_decay, "weight decay")).toMatch(
      /^Over the 3 runs that grok, the epoch goes as weight decay to the power −1/,
    );
    expect(lawSentence(exact.slice(0, 2), (row) => row.weight_decay, "weight decay")).toBeNull();
  });

  it("counts the first time past 95 % of a run that fell back in between, and says so", () => {
    const exact = [1, 2, 4].map((decay) => ({
      ...rows[0],
      weight_decay: decay,
      grokked: 8000 / decay,
      first_crossing: 8000 / decay,
    }));
    const law = lawSentence(
      [...exact.slice(1), { ...exact[0], grokked: 30_000 }],
      (row) => row.weight_decay,
      "weight decay",
    );
    expect(law).toMatch(
      / to the power −1 .* One of them was past 95\s% before and fell back in between: there the first time counts\.$/,
    );
  });

  it("fits the runs that were stopped too, and says which have no place in the law", () => {
    const decays = [0.5, 1, 2, 4];
    const grok = decays.map((decay, i) => ({ ...rows[0], weight_decay: decay, grokked: 8000 / decay + 100 * (i % 2) }));
    const stopped = { ...rows[0], weight_decay: 0.1, grokked: null, ended: 15_000 };
    const law = (more: typeof rows) => lawSentence([...grok, ...more], (row) => row.weight_decay, "weight decay");
    expect(law([])).toMatch(/^Over the 4 runs that grok, .* interval −[\d.]+ to −[\d.]+\)\.$/);
    expect(law([stopped])).toMatch(
      /\); with the 1 that had not when it ended, as if all grokked in the end, to the power −[\d.]+ \(.* to .*\)\.$/,
    );
    expect(law([{ ...stopped, weight_decay: 0 }])).toMatch(/ At 0 there is no such law: 1 run is not in it\.$/);
  });

  it("compares seeds where there are most", () => {
    expect(seedSentence(sweep, rows)).toMatch(
      /^Seeds matter too: 2 runs with weight decay 2 pass 95\s% from epoch 800 to 810, a factor of 1; 10 of .* a factor of 1\.8 apart\./,
    );
    expect(
      seedSentence(
        sweep,
        rows.filter(({ seed }) => seed === 0),
      ),
    ).toBeNull();
  });

  it("says above a panel what became of several seeds, and no more than all of them show", () => {
    const ended = (...ends: Partial<(typeof rows)[0]>[]) => {
      const runs = ends.map((end) => ({ ...rows[0], grokked: null, first_crossing: null, ...end }));
      return outcome({ runs } as PlacedCell, 40);
    };
    expect(ended({ ended: 40_000 }, { ended: 15_000 })).toBe("2 seeds, none by 15,000");
    const fell = { first_crossing: 300, ended: 40_000 };
    expect(ended(fell, fell)).toBe("2 seeds, 2 fall back");
    expect(ended({ grokked: 500, first_crossing: 500 }, fell, { ended: 40_000 })).toBe("1 of 3 grok, 1 falls back");
    const forgot = { memorized: 50, final_train_accuracy: 0.01 };
    expect(ended(forgot, { ended: 40_000 })).toBe("2 seeds, 1 forgets");
    expect(ended({ ...forgot, final_train_accuracy: 0.9, ended: 400 })).toBe("not grokked by 400");
    expect(ended(forgot)).toBe("memorizes, then forgets");
    expect(ended({ grokked: 500, first_crossing: 500 }, { ended: 40_000 })).toBe("1 of 2 grok, at 500");
  });

  it("finds the edge, and says until when the cells below it were waited for", () => {
    const edge = edgeSentence(sweep, rows);
    expect(edge).toMatch(
      /^Of the 6 cells trained so far the least that groks is weight decay 1 \(weight decay 0 and weight decay 0\.5 do not by epoch 3,000\)\./,
    );
    expect(edge).toContain(" Above it weight decay 3 does not by epoch ");
    const last = rows.find(({ weight_decay }) => weight_decay === 5);
    const wait = ((last?.grokked ?? 0) - (last?.memorized ?? 0)) / (last?.memorized ?? 1);
    expect(edge).toContain(
      `With weight decay 5 the wait after memorizing is ${formatNumber(wait, 2)} times as long as memorizing took.`,
    );
  });

  it("counts no wait where both come together, and takes the median of seeds", () => {
    const edge = (grokked: (number | null)[]) =>
      edgeSentence(sweep, [
        { ...rows[2], memorized: 100, grokked: 900, first_crossing: 900 },
        ...grokked.map((epoch, seed) => ({
          ...rows[3],
          seed,
          memorized: 100 + 100 * seed,
          grokked: epoch,
          first_crossing: epoch,
          ended: 9000,
        })),
      ]);
    expect(rows[2].cell).not.toBe(rows[3].cell);
    expect(edge([100])).toContain("With weight decay 1 the wait after memorizing is 8 times as long");
    expect(edge([100])).toContain("there is no wait: it groks no later than it memorizes");
    expect(edge([300, 800, 1500])).toContain("is 3 times as long");
    const parted = edge([300, null, null]);
    expect(parted).toContain("is 8 times as long");
    expect(parted?.match(/as long/g)).toHaveLength(1);
  });

  it("names as the least that groks a cell of which one run does", () => {
    const first = rows.filter(({ weight_decay }) => weight_decay === 0.5);
    const one = first.map((row) => ({ ...row, seed: 7, run: "made up", grokked: 2000 }));
    expect(edgeSentence(sweep, [...one, ...rows])).toMatch(
      /least that groks is weight decay 0\.5, in 1 of 2 runs \(weight decay 0 does not by epoch 3,000\)/,
    );
  });

  it("counts spikes and what was lost to them", () => {
    expect(spikeSentence(sweep, rows)).toMatch(
      /^1 of 7 runs has spikes .*1 in all \(weight decay 3\); 1 of the runs has passed/,
    );
    expect(
      spikeSentence(
        sweep,
        rows.filter(({ loss_spikes }) => !loss_spikes),
      ),
    ).toMatch(/^None of the 6 runs/);
  });
});

describe("deeper models", () => {
  const cell = (layers: number) => ({
    ...grid.cells[0],
    cell: `l${layers}`,
    config: { ...grid.cells[0].config, layers },
  });
  const deep: Sweep = { grid: { ...grid, cells: [1, 2, 3].map(cell) }, quantity: depth };
  const run = (layers: number, grokked: number | null) => ({ ...rows[0], cell: `l${layers}`, layers, grokked });

  it("are counted against one layer, and not before both are trained", () => {
    expect(againstFirst(deep, [run(1, 500), run(2, 300), run(3, null)])).toEqual({
      sooner: 1,
      later: 1,
      level: 0,
      open: 0,
    });
    expect(againstFirst(deep, [run(1, 500)])).toEqual({ sooner: 0, later: 0, level: 0, open: 2 });
    expect(againstFirst(deep, [run(1, null), run(2, null)])).toEqual({ sooner: 0, later: 0, level: 0, open: 2 });
  });

  it("are sooner or later only where no stopped run could say otherwise", () => {
    const stopped = (layers: number, ended: number) => ({ ...run(layers, null), ended });
    const of = (...runs: (typeof rows)[number][]) => againstFirst(deep, runs);
    expect(of(stopped(1, 15_000), run(2, 20_000), run(3, 9000))).toEqual({ sooner: 1, later: 0, level: 0, open: 1 });
    expect(of(run(1, 8000), stopped(2, 3000), stopped(3, 8000))).toEqual({ sooner: 0, later: 1, level: 0, open: 1 });
    const oneOfThree = [run(2, 500), stopped(2, 3000), stopped(2, 3000)];
    expect(of(run(1, 2000), ...oneOfThree)).toEqual({ sooner: 0, later: 1, level: 0, open: 1 });
    expect(of(run(1, 4000), ...oneOfThree)).toEqual({ sooner: 0, later: 0, level: 0, open: 2 });
  });

  it("are spoken of as far as they are known", () => {
    expect(depthSentence({ sooner: 0, later: 0, level: 0, open: 2 })).toMatch(/cannot be said yet/);
    expect(depthSentence({ sooner: 1, later: 1, level: 0, open: 0 })).toMatch(
      /^Of the 2 deeper cells 1 groks sooner than any run with one layer and 1 later than all of them\.$/,
    );
  });

  it("are level where they lie among the seeds of one layer", () => {
    const seeds = [6300, 7400, 7600].map((grokked, seed) => ({ ...run(1, grokked), seed }));
    const counts = againstFirst(deep, [...seeds, run(2, 6900), run(3, 6000)]);
    expect(counts).toEqual({ sooner: 1, later: 0, level: 1, open: 0 });
    expect(depthSentence(counts)).toContain("1 lies among its seeds, no clear difference");
  });
});

it("says nothing of nothing", () => {
  const none = [
    memorySentence([]),
    stopSentence([]),
    seedSentence(sweep, []),
    edgeSentence(sweep, []),
    spikeSentence(sweep, []),
  ];
  expect(none).toEqual([null, null, null, null, null]);
});
