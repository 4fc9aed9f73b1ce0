/** Sentences of the page on training dynamics, for runs that go different ways. */
import { describe, expect, it } from "vitest";
import {
  climbSentence,
  decaySentence,
  endSentence,
  memorySentence,
  mirrorSentence,
} from "../../src/figures/training-dynamics/run-sentences.js";
import { committedRuns, pageData } from "./stored-sample.js";

const runs = committedRuns();
const { run, metrics } = pageData(runs.trained);
const twin = pageData(runs.twin);
const collapsed = { ...twin.run, final: { ...twin.run.final, train_accuracy: 0.012 } };
const plain = (text: string) => text.replaceAll("\u00a0", " ");

describe("the training pairs", () => {
  it("are memorized, or lost again, or never learnt", () => {
    expect(plain(memorySentence(run))).toMatch(/memorized at epoch 140, where training accuracy reaches 99 %\.$/);
    expect(plain(memorySentence(collapsed))).toMatch(/at epoch 130, but not for good: at the end 1\.2 % of them/);
    const unlearnt = { ...collapsed, milestones: { ...collapsed.milestones, memorized: null } };
    expect(plain(memorySentence(unlearnt))).toMatch(/does not reach 99 %: at the end it is 1\.2 %/);
  });
});

describe("the other pairs", () => {
  it("come, or do not", () => {
    expect(plain(endSentence(run))).toMatch(
      /^Of the other 70 % of the table, at least 95 % are right from epoch 6,300 on/,
    );
    expect(plain(endSentence(twin.run))).toMatch(/3\.3 % are right at the end, after 10,000 epochs/);
  });

  it("come gradually in a run that groks", () => {
    const sentence = climbSentence(run, metrics);
    const [tenth, half, grokked] = [...sentence.matchAll(/\d,\d{3}/g)].map(([epoch]) => Number(epoch.replace(",", "")));
    expect(grokked).toBe(run.milestones.grokked);
    expect(grokked - tenth).toBeGreaterThan(1000);
    const before = metrics.findLast(({ epoch }) => epoch < half);
    expect(before?.test_accuracy).toBeLessThan(0.5);
    expect(climbSentence(twin.run, twin.metrics)).toBe("");
    expect(climbSentence(run, [])).toBe("");
  });

  it("come first where their mirror image was trained", () => {
    expect(plain(mirrorSentence(metrics))).toMatch(
      /^Mirror images come first: at epoch \d,\d{3}, 5\d\.\d % .+ and \d\.\d % of/,
    );
    expect(plain(mirrorSentence(twin.metrics))).toMatch(/: at the end, 11\.1 % .+ and 0 % of the others\.$/);
  });

  it("are not said to have mirror images where none are, or where none are learnt", () => {
    const none = metrics.map((d) => ({ ...d, test_accuracy_seen_mirror: null, test_accuracy_unseen_mirror: null }));
    expect(mirrorSentence(none)).toBe("");
    expect(mirrorSentence([])).toBe("");
    const chance = metrics.map((d) => ({ ...d, test_accuracy_seen_mirror: 0.01, test_accuracy_unseen_mirror: 0.006 }));
    expect(mirrorSentence(chance)).toBe("");
  });
});

it("the twin is the same model only beside the main model", () => {
  expect(decaySentence(run, "twin")).toMatch(/the same model trained without/);
  expect(decaySentence({ ...run, config: { ...run.config, modulus: 7 } }, "twin")).toMatch(/the paper’s main model/);
  expect(decaySentence(twin.run, "twin")).toMatch(/^It was trained without weight decay/);
});
