/** The derived fields of a run, written into a table and read back; paths of known shape. */
import { describe, expect, it } from "vitest";
import {
  logitFramesOf,
  tokenPathsOf,
  trajectoryLogitsTable,
  trajectoryTable,
} from "../../data-loaders/tables/trajectory.js";
import { inspectAllPairs } from "../../src/analysis/forward-logits.js";
import type { LogitFrames } from "../../src/derivations/trajectories/logit-frames.js";
import { departuresFromChord, parameterPath } from "../../src/derivations/trajectories/parameter-path.js";
import { packFields, readFieldRows, unpackFields } from "../../src/derivations/trajectories/stored-fields.js";
import type { TokenPaths } from "../../src/derivations/trajectories/token-paths.js";
import { sampleRuns } from "./stored-sample.js";

const { trained, twin } = sampleRuns();
const runs = [trained, twin];
const key = trained.record.key;
const farthest = (x: Float32Array, y: Float32Array) =>
  x.reduce((most, value, i) => Math.max(most, Math.abs(value - y[i])), 0);
const largest = (x: Float32Array) => x.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

describe("the table of trajectories", () => {
  it("gives back the places of the tokens to a thirty-thousandth of their extent", () => {
    const rows = readFieldRows(trajectoryTable(runs));
    const read = unpackFields<TokenPaths>(rows, { run: key, twin: "", part: "tokens" }) as TokenPaths;
    const { coordinates, ...rest } = tokenPathsOf(trained, 0) as TokenPaths;
    expect(farthest(read.coordinates, coordinates)).toBeLessThan(largest(coordinates) / 30_000);
    expect({ ...read, coordinates: null }).toEqual({ ...rest, coordinates: null });
    expect(read.epochs).toHaveLength(4);
  });

  it("has the random twin of every run, the path of one with enough checkpoints, and nothing of others", () => {
    const rows = readFieldRows(trajectoryTable(runs));
    const random = unpackFields<TokenPaths>(rows, { run: key, twin: "random weights", part: "tokens" });
    expect(random?.epochs).toEqual([0]);
    expect(unpackFields(rows, { run: key, twin: "", part: "path" })).toMatchObject({ epochs: expect.any(Array) });
    expect(unpackFields(rows, { run: "none", twin: "", part: "tokens" })).toBeNull();
  });

  it("gives back the logits of every checkpoint to a hundredth of their extent", async () => {
    const rows = readFieldRows(await trajectoryLogitsTable([trained]));
    const read = unpackFields<LogitFrames>(rows, { run: key, twin: "", part: "logits" }) as LogitFrames;
    const exact = (await logitFramesOf(trained, 0, inspectAllPairs)) as LogitFrames;
    expect(farthest(read.means, exact.means)).toBeLessThan(largest(exact.means) / 100);
    expect(read.epochs).toEqual(exact.epochs);
    expect(exact.shares[exact.shares.length - 1]).toBeGreaterThan(exact.shares[0] + 0.5);
  });

  it("refuses bytes that are no table, in one line", () => {
    const bytes = trajectoryTable([twin]);
    for (const broken of [new Uint8Array([1, 2, 3]), new Uint8Array(), bytes.slice(0, 300)]) {
      expect(() => readFieldRows(broken)).toThrow("not a whole Arrow stream of fields");
    }
  });

  it("keeps an array of zeros", () => {
    const rows = packFields({ run: "r", twin: "", part: "p" }, { zeros: new Float32Array(3), words: ["a"] }, "int8");
    expect(unpackFields(rows, { run: "r", twin: "", part: "p" })).toEqual({ zeros: new Float32Array(3), words: ["a"] });
  });
});

describe("the path of the weights", () => {
  const at = (epoch: number, ...parameters: number[]) => ({ epoch, parameters: Float32Array.from(parameters) });

  it("does not depart from a straight line, and has it in one component", () => {
    const straight = [at(0, 0, 0, 0), at(1, 1, 2, 2), at(2, 3, 6, 6)];
    expect(departuresFromChord(straight.map(({ parameters }) => parameters))).toEqual([0, 0, 0]);
    expect(parameterPath(straight).shares[0]).toBeCloseTo(1, 10);
  });

  it("turns at the corner of two legs", () => {
    const { turn, departures, shares, span } = parameterPath([
      at(0, 0, 0, 0),
      at(10, 0, 1, 0),
      at(20, 0, 3, 0),
      at(30, 1, 3, 0),
      at(40, 4, 3, 0),
    ]);
    expect(turn).toBe(2);
    expect(span).toBeCloseTo(5, 6);
    expect(departures[2]).toBeCloseTo(12 / 25, 6);
    expect(shares[0] + shares[1]).toBeCloseTo(1, 10);
  });

  it("places other weights: between turn and end, and nearest to a checkpoint", () => {
    const path = [at(0, 0, 0), at(10, 0, 4), at(20, 8, 4)];
    const { landmarks } = parameterPath(path, [
      { run: "half", ...at(5, 4, 4) },
      { run: "end", ...at(20, 8, 4) },
      { run: "before", ...at(7, -2, 3) },
    ]);
    expect(landmarks.map(({ progress }) => Number(progress.toFixed(6)))).toEqual([0.5, 1, -0.25]);
    expect(landmarks.map(({ nearest }) => nearest.epoch)).toEqual([10, 20, 10]);
    expect(landmarks[1].fromEnd).toBeCloseTo(0, 6);
  });

  it("has beside it a walk of the same steps at right angles", () => {
    const steps = Array.from({ length: 30 }, (_, i) => at(i, i, 0));
    const { walk } = parameterPath(steps);
    // Antognini and Sohl-Dickstein (2018): 6/π² and a quarter of it, for many equal steps.
    expect(walk.shares[0]).toBeCloseTo(6 / Math.PI ** 2, 2);
    expect(walk.shares[1]).toBeCloseTo(6 / Math.PI ** 2 / 4, 2);
  });
});
