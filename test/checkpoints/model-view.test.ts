/** A model seen from all sides: the same numbers in WebAssembly and in plain TypeScript, and twins in their roles. */
import { expect, it } from "vitest";
import { nodeWasmHost } from "../../data-loaders/engines/wasm-host.js";
import { inspectAllPairs } from "../../src/analysis/forward-logits.js";
import { asTwin, once, randomTwin, viewModel } from "../../src/analysis/model-view.js";
import { compact } from "../../src/components/checkpoint/compact.js";
import { nearestEpoch } from "../../src/components/checkpoint/nearest-epoch.js";
import { integerChoice, isGap, namedChoice } from "../../src/derivations/derivation.js";
import { trainCommand } from "../../src/figures/train-command.js";
import { parseConfig } from "../../src/model/config.js";
import { wasmInspector } from "../../src/training/wasm/inspector.js";

const small = parseConfig({ modulus: 13, d_model: 16, heads: 2, d_mlp: 24 });
const inspect = wasmInspector(() => nodeWasmHost());

/** ‖x − y‖ / ‖y‖ */
function distance(x: Float32Array, y: Float32Array): number {
  const norm = (values: Float32Array) => Math.hypot(...values);
  return norm(x.map((value, i) => value - y[i])) / norm(y);
}

it.each([
  ["one size", small],
  ["another size", parseConfig({ ...small, modulus: 7, d_mlp: 8 })],
  ["the first size again", { ...small, seed: 5 }],
])("inspects %s in WebAssembly as in plain TypeScript", async (_, config) => {
  const { parameters } = randomTwin(config, 2);
  const fast = await inspect(config, parameters);
  const plain = inspectAllPairs(config, parameters);
  expect(distance(fast.logits, plain.logits)).toBeLessThan(1e-5);
  expect(distance(fast.attention[0], plain.attention[0])).toBeLessThan(1e-5);
  expect(distance(fast.hidden[0], plain.hidden[0])).toBeLessThan(1e-5);
});

it("inspects models of two layers", async () => {
  const config = parseConfig({ ...small, layers: 2 });
  const view = await viewModel(randomTwin(config, 2), inspect);
  expect(view.hidden.map(({ length }) => length)).toEqual([13 * 13 * 24, 13 * 13 * 24]);
  expect(view.logits.some((logit) => logit !== 0)).toBe(true);
});

it("gives random twins other weights of the same size, and as many key frequencies of their own", () => {
  const twin = randomTwin(small, 3);
  expect(twin).toMatchObject({ twin: "random weights", epoch: 0, config: small });
  expect(twin.parameters).toEqual(randomTwin(small, 3).parameters);
  expect(twin.keyFrequencies).toHaveLength(3);
  expect([...twin.rankedFrequencies].sort((j, k) => j - k)).toEqual(twin.keyFrequencies);
  expect(asTwin("memorized", twin, 0).keyFrequencies).toBeNull();
});

it("computes a shared quantity once per view", async () => {
  const view = await viewModel(randomTwin(small, 2), inspect);
  let count = 0;
  const ask = () => once(view, "count", () => ++count);
  expect([ask(), ask(), once(view, "other", () => "else"), ask()]).toEqual([1, 1, "else", 1]);
  expect(once({ ...view }, "count", () => ++count)).toBe(2);
});

it("sends no more than what is shown of a large buffer", () => {
  const large = new Float32Array(1000).fill(7);
  const sent = compact({ list: [large.subarray(0, 2)], deep: { bytes: new Uint8Array(3) }, word: "k", none: null });
  expect(sent).toEqual({ list: [Float32Array.of(7, 7)], deep: { bytes: new Uint8Array(3) }, word: "k", none: null });
  expect(sent.list[0].buffer.byteLength).toBe(8);
});

it("takes the nearest stored epoch", () => {
  expect([0, 4, 5, 6, 99].map((epoch) => nearestEpoch([0, 10, 40], epoch))).toEqual([0, 0, 0, 10, 40]);
  expect(() => nearestEpoch([], 3)).toThrow(RangeError);
});

it("reads choices, and falls back where they are not allowed", () => {
  const choices = { neuron: 600, head: 1, mask: "blocks", text: "x" };
  expect(integerChoice(choices, "neuron", [0, 511], 3)).toBe(511);
  expect(integerChoice(choices, "head", [0, 3], 0)).toBe(1);
  expect(integerChoice(choices, "text", [0, 3], 2)).toBe(2);
  expect(namedChoice(choices, "mask", ["directions", "blocks"], "directions")).toBe("blocks");
  expect(namedChoice(choices, "text", ["directions", "blocks"], "directions")).toBe("directions");
  expect([isGap({ gap: "why" }), isGap({ gap: 3 }), isGap({})]).toEqual([true, false, false]);
});

it("gives the command that trains a run as the run's configuration", () => {
  expect(trainCommand(parseConfig({}))).toBe("npm run grok -- train --keep-checkpoints 40 --out runs --force");
  const config = parseConfig({ operation: "multiply", seed: 2, weight_decay: 0, d_head: 16, epochs: 500 });
  const command = trainCommand(config);
  const [, list] = /--set (.*) --keep-checkpoints/.exec(command)!;
  const settings = list.split(" ").map((setting) => setting.split("="));
  const asked = Object.fromEntries(
    settings.map(([name, text]) => [name, Number.isNaN(Number(text)) ? text : Number(text)]),
  );
  expect(asked).toEqual({ operation: "multiply", seed: 2, weight_decay: 0, d_head: 16, epochs: 500 });
  expect(parseConfig(asked)).toEqual(config);
});
