/** Figures 1–3 on the canonical run and on its twin without weight decay. */
import { describe, expect, it } from "vitest";
import { closeUpOf, epochScale } from "../../src/figures/epoch-axis.js";
import type { Figure } from "../../src/figures/figure.js";
import { grokkingCurves } from "../../src/figures/training-dynamics/grokking-curves.js";
import { phaseBoundaries } from "../../src/figures/training-dynamics/phase-boundaries.js";
import { progressMeasures } from "../../src/figures/training-dynamics/progress-measures.js";
import { drawOnPaper, expectSnapshot } from "./snapshot.js";
import { committedRuns, pageData } from "./stored-sample.js";

const runs = committedRuns();
const trained = pageData(runs.trained);
const twin = pageData(runs.twin);
const grokked = trained.run.milestones.grokked as number;

const figures: Figure<ReturnType<typeof pageData>>[] = [grokkingCurves, progressMeasures, phaseBoundaries];

describe.each(figures)("figure $number, $name", (figure) => {
  it("is drawn as before", () => {
    expectSnapshot(figure.id, drawOnPaper(figure, trained, { epoch: grokked }));
    expectSnapshot(`${figure.id}-log-narrow`, drawOnPaper(figure, trained, { epoch: 300, scale: "log", width: 340 }));
    expectSnapshot(`${figure.id}-twin`, drawOnPaper(figure, twin, { epoch: grokked, twin: true }));
  });

  it("takes the height it asked for", () => {
    for (const width of [340, 960]) {
      expect(Number(drawOnPaper(figure, trained, { width }).getAttribute("height"))).toBe(figure.height(width));
    }
  });

  it("tells a screen reader what it says", () => {
    const svg = drawOnPaper(figure, trained);
    expect(svg.getAttribute("role")).toBe("img");
    expect(svg.getAttribute("aria-label")).toBeTruthy();
    expect(svg.getAttribute("aria-description")).toBe(figure.claim(trained, {}));
  });

  it("says what is missing instead of drawing nothing", () => {
    expect(figure.gap({ ...trained, metrics: [] }, {})).toMatch(/no evaluations/);
    expect(figure.gap({ ...trained, run: undefined as never }, {})).toMatch(/not stored/);
  });

  it("gives one flat row per point, with a value in every column", () => {
    const rows = figure.rows(trained, {});
    expect(rows.length).toBeGreaterThan(2);
    const names = Object.keys(rows[0]);
    for (const row of rows) expect(Object.keys(row)).toEqual(names);
  });
});

describe("headlines separate the trained run from its twin", () => {
  it("1: thousands of epochs between memorized and grokked, never in the twin", () => {
    expect(grokkingCurves.headline(trained, {}).value).toBe(grokked - (trained.run.milestones.memorized as number));
    expect(grokkingCurves.headline(twin, {}).value).toBeNull();
    expect(grokkingCurves.claim(twin, {})).toMatch(/^Test accuracy does not reach 95\s%/);
  });

  it("2: excluded loss rises again, in the twin it cannot be", () => {
    expect(progressMeasures.headline(trained, {}).value).toBeGreaterThan(0);
    expect(progressMeasures.headline(twin, {}).value).toBeNull();
  });

  it("3: more boundaries in the trained run", () => {
    const found = phaseBoundaries.headline(trained, {}).value as number;
    expect(found).toBeGreaterThanOrEqual(1);
    expect(phaseBoundaries.headline(twin, {}).value as number).toBeLessThan(found);
    expect(phaseBoundaries.claim(twin, {})).toContain("never leaves memorization");
  });
});

describe("claims of runs that go another way", () => {
  const run = twin.run;
  const collapsed = { ...twin, run: { ...run, final: { ...run.final, train_accuracy: 0.012 } } };
  const fallen = { ...twin, run: { ...run, milestones: { ...run.milestones, first_crossing: 400 } } };

  it("do not say of a run that forgets its training pairs that it remembers them", () => {
    expect(grokkingCurves.claim(collapsed, {})).toMatch(/memorized by epoch 130 and lost again$/);
    expect(progressMeasures.claim(collapsed, {})).toMatch(/gets 1\.2\s% of its training pairs right$/);
    expect(phaseBoundaries.claim(collapsed, {})).toMatch(/^This run forgets its training pairs/);
    expect(progressMeasures.claim(twin, {})).toMatch(/knows its training pairs, and 3\.3\s% of the others$/);
  });

  it("say that test accuracy fell back only where it had passed 95 %", () => {
    expect(grokkingCurves.claim(fallen, {})).toMatch(/passes 95\s% at epoch 400 and falls back/);
    expect(grokkingCurves.claim(twin, {})).not.toMatch(/back|stay/);
  });

  it("give an interval by its ends, since it need not be even", () => {
    const phases = { ...trained.phases, circuit_formation_ends: { epoch: 5250, low: 4250, high: 5750 } };
    expect(phaseBoundaries.claim({ ...trained, phases }, {})).toContain("circuit formation at 5,250 (4,250–5,750)");
    expect(phaseBoundaries.claim(trained, {})).not.toContain("±");
  });

  it("say which axis halfway is on", () => {
    expect(progressMeasures.claim(trained, {})).toMatch(/^On its log axis, excluded loss is halfway up/);
  });
});

describe("what is drawn", () => {
  const words = (figure: Figure<typeof trained>, data: typeof trained, width: number) =>
    [...drawOnPaper(figure, data, { width }).querySelectorAll("text")].map((text) => text.textContent);

  it("names all three phases, however narrow the page", () => {
    for (const figure of figures) {
      for (const width of [340, 960]) {
        expect(words(figure, trained, width)).toEqual(
          expect.arrayContaining(["memorization", "circuit formation", "cleanup"]),
        );
      }
    }
    expect(words(grokkingCurves, twin, 960)).not.toContain("memorization");
  });

  it("has lines of their own for pairs with and without a trained mirror image, where there are any", () => {
    const mirrors = ["mirror seen", "mirror unseen"];
    expect(words(grokkingCurves, trained, 340)).toEqual(expect.arrayContaining(mirrors));
    const metrics = trained.metrics.map((d) => ({
      ...d,
      test_accuracy_seen_mirror: null,
      test_accuracy_unseen_mirror: null,
    }));
    for (const name of mirrors) expect(words(grokkingCurves, { ...trained, metrics }, 960)).not.toContain(name);
  });
});

describe("the axis of epochs", () => {
  it("closes up on the run until well after it grokked, and says how much it leaves out", () => {
    expect(closeUpOf(trained.run)).toBe(16_000);
    expect(closeUpOf({ ...trained.run, ended: { epoch: 9_000, reason: "complete" } })).toBe(9_000);
    expect(closeUpOf(twin.run)).toBeUndefined();
    const scale = epochScale([{ epoch: 0 }, { epoch: 40_000 }], "close-up", 20_000);
    expect(scale.domain).toEqual([0, 20_000]);
    expect(scale.label).toBe("epoch, the first 20,000 of 40,000");
    expect([scale.has(20_000), scale.has(20_050)]).toEqual([true, false]);
  });

  it("leaves epoch 0 out of a log axis", () => {
    const scale = epochScale(trained.metrics, "log");
    expect(scale.has(0)).toBe(false);
    expect(scale.domain[0]).toBe(trained.metrics.find(({ epoch }) => epoch > 0)?.epoch);
  });
});
