import { describe, expect, it } from "vitest";
import { basisSparsity } from "../../src/analysis/basis-sparsity.js";
import { multiplicativeCharacters } from "../../src/analysis/characters.js";
import { tensor } from "../../src/model/parameters.js";
import { circleModel } from "./synthetic.js";

describe("sparsity by basis", () => {
  it("of a model that multiplies is found in the logarithms alone", () => {
    const { config, layout, trained } = circleModel([4, 9], { operation: "multiply", modulus: 59 });
    const { modulus: p, d_model: d } = config;
    // The same circles, with token g^t in the place of token t.
    const moved = trained.slice();
    const { residues } = multiplicativeCharacters(p);
    const [from, to] = [tensor(layout, trained, "W_E"), tensor(layout, moved, "W_E")];
    const [fromU, toU] = [tensor(layout, trained, "W_U"), tensor(layout, moved, "W_U")];
    residues.forEach((residue, t) => {
      to.set(from.subarray(t * d, (t + 1) * d), residue * d);
      for (let i = 0; i < d; i++) toU[i * p + residue] = fromU[i * p + t];
    });
    const { right, additive } = basisSparsity(config, moved);
    expect(right.W_E).toBeGreaterThan(additive.W_E + 0.3);
    expect(right.W_L).toBeGreaterThan(additive.W_L + 0.3);
  });

  it("is one and the same for addition, and refused for composite products", () => {
    const { config, trained } = circleModel([4, 9]);
    const { right, additive } = basisSparsity(config, trained);
    expect(right).toEqual(additive);
    expect(() => basisSparsity({ ...config, operation: "multiply", modulus: 57 }, trained)).toThrow("modulus: 57");
  });
});
