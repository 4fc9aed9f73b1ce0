import { describe, expect, it } from "vitest";
import { parameterLayout, tensor } from "../../src/model/parameters.js";
import { checkEngine, failures, relativeError, tolerance } from "../../src/training/check.js";
import { type Fixture, FixtureError, parseFixture } from "../../src/training/fixture.js";
import { createTfjsEngine } from "../../src/training/tfjs/engine.js";
import { fixtureText, readFixture } from "./fixtures.js";

type Json = ReturnType<typeof JSON.parse>;

/** The message for the one-layer fixture after a change to its JSON. */
function complaint(change: (file: Json) => void): string {
  const file = JSON.parse(fixtureText("one-layer-p7"));
  change(file);
  return complaintAbout(JSON.stringify(file));
}

function complaintAbout(text: string): string {
  try {
    parseFixture(text);
  } catch (error) {
    expect(error).toBeInstanceOf(FixtureError);
    const { message } = error as Error;
    expect(message).not.toContain("\n");
    return message;
  }
  return "none";
}

describe("a fixture file", () => {
  it("is read whole", () => {
    const { config, split, probe, losses, initialWeights } = readFixture("two-layer-p5");
    expect(config).toMatchObject({
      operation: "multiply",
      modulus: 5,
      layers: 2,
      d_head: 4,
      softmax: "exact",
      seed: 1,
    });
    expect([split.train.length, split.test.length]).toEqual([15, 10]);
    expect(probe.attention.map((values) => values.length)).toEqual([72, 72]);
    expect([losses.train.length, losses.test.length]).toEqual([41, 41]);
    expect(losses.train[40]).toBe(1.487469741481692);
    const layout = parameterLayout(config);
    expect(initialWeights.length).toBe(layout.size);
    expect(tensor(layout, initialWeights, "blocks.1.W_in")[0]).toBe(0.050519341313252544);
  });

  it("may leave out what does not change the computation, and order its tensors otherwise", () => {
    const changed = complaint((file) => {
      for (const field of ["d_head", "train_fraction", "seed", "split"]) delete file.config[field];
      file.config.source = "elsewhere";
      file.final_weights = Object.fromEntries(Object.entries(file.final_weights).reverse());
    });
    expect(changed).toBe("none");
  });

  it.each<[string, (file: Json) => void, string]>([
    ["a part missing", (f) => delete f.gradient_at_0, "gradient_at_0: missing; allowed: an object of tensors by name"],
    ["a field missing", (f) => delete f.config.d_mlp, "config.d_mlp: missing; needed: operation, modulus, layers"],
    [
      "a bad field",
      (f) => (f.config.modulus = 1),
      "config.modulus: 1 is not allowed; allowed: an integer from 2 to 499",
    ],
    ["an unknown field", (f) => (f.config.dropout = 0.1), "config.dropout: no such field (value 0.1)"],
    [
      "a tensor missing",
      (f) => delete f.final_weights["blocks.0.W_Q"],
      "final_weights.blocks.0.W_Q: missing; needed: a tensor of shape [4,16,4]",
    ],
    ["a tensor too many", (f) => (f.initial_weights["blocks.1.W_Q"] = f.initial_weights.W_E), "not in this model"],
    [
      "a wrong shape",
      (f) => (f.initial_weights.W_U.shape = [7, 16]),
      "initial_weights.W_U: shape [7,16]; allowed: shape [16,7]",
    ],
    ["too few values", (f) => f.probe.logits.values.pop(), "probe.logits: 83 values; allowed: 84, for shape [12,7]"],
    [
      "an activation missing",
      (f) => delete f.probe["blocks.0.hidden"],
      "probe.blocks.0.hidden: missing; needed: a tensor of shape [12,24]",
    ],
    [
      "a null",
      (f) => (f.gradient_at_0.W_E.values[5] = null),
      "gradient_at_0.W_E.values[5]: null; allowed: a finite number",
    ],
    ["a pair outside", (f) => (f.train[2] = [0, 7]), "train[2]: [0,7]; allowed: residues 0 to 6"],
    ["a pair twice", (f) => (f.train[3] = f.train[2]), "is there twice; allowed: each pair once"],
    ["no test pair", (f) => (f.train = every49()), "train: all 49 pairs; allowed: at least one left for testing"],
    ["a step missing", (f) => f.losses_before_step.splice(7, 1), "losses_before_step[7][0]: step 8; allowed: 7"],
    ["a loss missing", (f) => f.losses_before_step[7].pop(), "losses_before_step[7]"],
    ["no end", (f) => delete f.final_test_loss, "final_test_loss: missing; allowed: a finite number"],
  ])("with %s is refused in one line", (_, change, expected) => {
    expect(complaint(change)).toContain(expected);
  });

  it("cut off, with NaN, with an infinite number or of another kind is refused in one line", () => {
    const text = fixtureText("one-layer-p7");
    expect(complaintAbout(text.slice(0, 5000))).toMatch(/^not JSON \(.*\); allowed: a whole JSON file/);
    expect(complaintAbout(text.replace(/"values": ?\[\s*[-.\d]+/, '"values": [NaN'))).toMatch(/^not JSON/);
    expect(complaintAbout(text.replace(/"values": ?\[\s*[-.\d]+/, '"values": [1e999'))).toContain(
      "initial_weights.W_E.values[0]: Infinity; allowed: a finite number",
    );
    expect(complaintAbout("[1, 2]")).toContain("file: [1,2]; allowed: an object");
    expect(complaintAbout("")).toMatch(/^not JSON/);
  });
});

const every49 = () => Array.from({ length: 49 }, (_, code) => [Math.floor(code / 7), code % 7]);

describe("a check", () => {
  const check = (fixture: Fixture) => checkEngine((problem) => createTfjsEngine(problem, { backend: "cpu" }), fixture);

  /** The fixture with one expectation a little off: a tensor scaled by 1.0001. */
  const spoiled = (spoil: (fixture: Fixture) => Float64Array) => {
    const fixture = readFixture("two-layer-p5");
    const values = spoil(fixture);
    values.set(values.map((value) => value * 1.0001));
    return fixture;
  };

  it.each<[string, (fixture: Fixture) => Float64Array]>([
    ["logits", (f) => f.probe.logits],
    ["attention", (f) => f.probe.attention[1]],
    ["hidden", (f) => f.probe.hidden[0]],
    ["gradient", (f) => tensor(parameterLayout(f.config), f.gradient, "blocks.1.b_out")],
    ["final_weights", (f) => tensor(parameterLayout(f.config), f.finalWeights, "blocks.0.W_K")],
    ["losses", (f) => f.losses.test],
    ["losses", (f) => f.losses.train],
  ])("sees %s of one tensor off by 1e-4, and only that", async (measure, spoil) => {
    const result = await check(spoiled(spoil));
    expect(failures(result)).toEqual([measure]);
    expect(result.errors[measure as keyof typeof result.errors]).toBeCloseTo(1e-4, 6);
  });

  it("sees the last loss and the last step's weights alone", async () => {
    const fixture = readFixture("one-layer-p7");
    fixture.losses.test[40] *= 1.001;
    expect(failures(await check(fixture))).toEqual(["losses"]);
  });

  it("takes what is not a number for a failure, and allows a GPU more", () => {
    const cpu = { name: "tfjs", variant: "cpu", adapter: "cpu", numerics_version: 1 } as const;
    const gpu = { ...cpu, variant: "webgpu", adapter: "google swiftshader" };
    const errors = { logits: 5e-5, attention: Number.NaN, hidden: 0, gradient: 1e-5, final_weights: 2e-4, losses: 0 };
    expect([tolerance(cpu), tolerance(gpu)]).toEqual([1e-5, 1e-4]);
    expect(failures({ identity: cpu, errors })).toEqual(["logits", "attention", "final_weights"]);
    expect(failures({ identity: gpu, errors })).toEqual(["attention", "final_weights"]);
  });

  it("measures relative errors", () => {
    expect(relativeError([1, 2], [1, 2])).toBe(0);
    expect(relativeError([0, 0], [0, 0])).toBe(0);
    expect(relativeError([0, 1e-30], [0, 0])).toBe(Number.POSITIVE_INFINITY);
    expect(relativeError([3, 5], [3, 4])).toBeCloseTo(0.2, 12);
    expect(relativeError([Number.NaN], [1])).toBeNaN();
    expect(() => relativeError([1], [1, 2])).toThrow("1 values against 2");
  });
});
