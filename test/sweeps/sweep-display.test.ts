/** What a sweep shows of itself on a terminal, and how little that costs. */
import { PassThrough } from "node:stream";
import { afterEach, expect, test, vi } from "vitest";
import { sweepDisplay } from "../../data-loaders/sweeps/sweep-display.js";
import { sweepRuns, sweepsNamed } from "../../data-loaders/sweeps/sweep-plan.js";
import type { Milestones } from "../../src/training/run-record.js";

const plan = vi.hoisted(() => ({ sums: 0 }));
vi.mock("../../data-loaders/sweeps/sweep-plan.js", async (original) => {
  const module = await original<typeof import("../../data-loaders/sweeps/sweep-plan.js")>();
  const workOf: typeof module.workOf = (...args) => {
    plan.sums++;
    return module.workOf(...args);
  };
  return { ...module, workOf };
});
afterEach(() => vi.useRealTimers());

const runs = sweepRuns(sweepsNamed("all"), 1);

function onTerminal() {
  const stream = Object.assign(new PassThrough(), { isTTY: true, columns: 200 });
  let text = "";
  stream.on("data", (data) => (text += data));
  const display = sweepDisplay(runs, {}, stream as unknown as NodeJS.WriteStream);
  return { display, written: () => text };
}

test("runs that tell of themselves in one moment cost one summing up", () => {
  vi.useFakeTimers();
  const { display } = onTerminal();
  for (const run of runs) display.at(run, 0);
  plan.sums = 0;
  vi.advanceTimersByTime(1000);
  for (const run of runs) display.at(run, 1000);
  expect(plan.sums).toBeGreaterThan(0);
  expect(plan.sums).toBeLessThanOrEqual(3 * runs.length);
  display.close();
});

test("a run that is over is shown at once", () => {
  vi.useFakeTimers();
  const { display, written } = onTerminal();
  display.began(runs[0]);
  const milestones = { grokked: 700 } as Milestones;
  display.over([runs[0]], {
    kind: "ended",
    ended: { epoch: 40_000, reason: "complete" },
    milestones,
    wallSeconds: 60,
  });
  vi.advanceTimersByTime(1000);
  expect(written()).toContain(`${runs[0].key}: grokked at 700, complete at epoch 40000`);
  expect(written()).toContain(`1/${runs.length} runs`);
  display.close();
});
