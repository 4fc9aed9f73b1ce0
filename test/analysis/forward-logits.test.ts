import { describe, expect, it } from "vitest";
import { inspectAllPairs } from "../../src/analysis/forward-logits.js";
import { parseConfig } from "../../src/model/config.js";
import { forward } from "../../src/model/forward.js";
import { parameterLayout } from "../../src/model/parameters.js";
import { noise } from "./synthetic.js";

describe.each([1, 2])("all pairs of a model of %i layers", (layers) => {
  const shape = parseConfig({ modulus: 7, layers, d_model: 12, heads: 3, d_mlp: 10, train_fraction: 0.5 });
  const weights = Float32Array.from(noise(6, parameterLayout(shape).size), (value) => value / 2);
  const all = inspectAllPairs(shape, weights);
  const { modulus: p, heads, d_mlp } = shape;

  it("are those of the model written to be read", () => {
    for (let code = 0; code < p * p; code++) {
      const trace = forward(shape, weights, Math.floor(code / p), code % p);
      trace.logits.forEach((logit, c) => {
        expect(Math.abs(all.logits[code * p + c] - logit)).toBeLessThan(1e-5);
      });
      trace.blocks.forEach((block, layer) => {
        for (let i = 0; i < d_mlp; i++) {
          expect(Math.abs(all.hidden[layer][code * d_mlp + i] - block.hidden[2 * d_mlp + i])).toBeLessThan(1e-5);
        }
        for (let h = 0; h < heads; h++) {
          for (let j = 0; j < 3; j++) {
            const expected = block.attention[(h * 3 + 2) * 3 + j];
            expect(Math.abs(all.attention[layer][(code * heads + h) * 3 + j] - expected)).toBeLessThan(1e-6);
          }
        }
      });
    }
  });
});
