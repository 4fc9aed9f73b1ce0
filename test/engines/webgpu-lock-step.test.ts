import { describe, expect, it } from "vitest";
import { parseConfig } from "../../src/model/config.js";
import { LockStep, type StepTaker } from "../../src/training/webgpu/lock-step.js";

/** Three runs on a device that notes what it is asked; the loss of run r at its step s is 100 r + s. */
function threeRuns(fail = false) {
  const configs = [0, 1, 2].map((seed) => parseConfig({ modulus: 5, seed, warmup_steps: 10 }));
  const taken: number[] = [];
  const rates: number[][] = [];
  let active = [0, 1, 2];
  const device: StepTaker = {
    async step(count, scalarsOf) {
      await new Promise((resume) => setTimeout(resume));
      if (fail) throw new Error("the device failed");
      rates.push(active.map((run) => scalarsOf(run, 0)[1]));
      const before = taken.reduce((sum, n) => sum + n, 0);
      taken.push(count);
      return Float32Array.from({ length: 3 * count }, (_, i) => 100 * (i % 3) + before + Math.floor(i / 3));
    },
    setActive(runs) {
      active = [...runs];
    },
  };
  return { runs: new LockStep(device, configs), taken, rates };
}

const settled = (work: Promise<unknown>) => Promise.race([work.then(() => true), new Promise((r) => setTimeout(r, 20, false))]); // biome-ignore format: one line

describe("runs in lock-step", () => {
  it("take the smallest request together, and go on when the satisfied ask again", async () => {
    const { runs, taken } = threeRuns();
    const first = runs.step(0, 5);
    const second = runs.step(1, 2);
    expect(await settled(first)).toBe(false);
    expect(taken).toEqual([]);
    const third = runs.step(2, 3);
    expect(await second).toEqual(Float64Array.of(100, 101));
    expect([taken, runs.epochs]).toEqual([[2], [2, 2, 2]]);
    const again = runs.step(1, 10);
    expect(await third).toEqual(Float64Array.of(200, 201, 202));
    expect(await settled(first)).toBe(false);
    runs.leave(2);
    expect(await first).toEqual(Float64Array.of(0, 1, 2, 3, 4));
    expect([taken, runs.epochs]).toEqual([
      [2, 1, 2],
      [5, 5, 3],
    ]);
    runs.leave(0);
    expect(await again).toEqual(Float64Array.from({ length: 10 }, (_, i) => 102 + i));
  });

  it("refuse a second request of one run while its first is under way, and end the first", async () => {
    const { runs } = threeRuns();
    const first = runs.step(0, 1);
    await expect(runs.step(0, 1)).rejects.toThrow("still taking other steps");
    await Promise.all([1, 2].map((run) => runs.step(run, 1)));
    expect(await first).toEqual(Float64Array.of(0));
  });

  it("go on without one that has left, which takes no more steps and still has its epoch", async () => {
    const { runs, taken, rates } = threeRuns();
    await Promise.all([0, 1, 2].map((run) => runs.step(run, 2)));
    const others = [runs.step(0, 3), runs.step(1, 3)];
    expect(await settled(others[0])).toBe(false);
    runs.leave(2);
    runs.leave(2);
    await Promise.all(others);
    runs.epochs[2] = 1; // as where earlier weights are loaded
    await expect(runs.step(2, 1)).rejects.toThrow("the engine takes no more steps: it has left");
    await Promise.all([runs.step(0, 1), runs.step(1, 1)]);
    expect([taken, runs.epochs]).toEqual([
      [2, 3, 1],
      [6, 6, 1],
    ]);
    expect(rates.map((each) => each.length)).toEqual([3, 2, 2]);
  });

  it("have each their own epoch and learning rate", async () => {
    const { runs, rates } = threeRuns();
    runs.epochs[1] = 50;
    await Promise.all([0, 1, 2].map((run) => runs.step(run, 1)));
    expect(rates[0][0]).toBe(0); // the warm-up begins at nothing
    expect(rates[0][1]).toBeGreaterThan(1e-3);
    expect(runs.epochs).toEqual([1, 51, 1]);
  });

  it("fail together, and a run that leaves while it waits fails alone", async () => {
    const { runs } = threeRuns(true);
    const left = runs.step(1, 4);
    const others = Promise.allSettled([runs.step(0, 4), runs.step(2, 4)]);
    await expect(left).rejects.toThrow("the device failed");
    expect((await others).map(({ status }) => status)).toEqual(["rejected", "rejected"]);

    const waiting = threeRuns().runs;
    const alone = waiting.step(0, 1);
    waiting.leave(0);
    await expect(alone).rejects.toThrow("the engine was disposed of while it was training");
  });

  it("take nothing for no steps", async () => {
    expect(await threeRuns().runs.step(0, 0)).toEqual(new Float64Array(0));
  });
});
