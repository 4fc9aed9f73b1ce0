import { describe, expect, it } from "vitest";
import { basisSparsity } from "../../src/analysis/basis-sparsity.js";
import { multiplicativeCharacters } from "../../src/analysis/characters.js";
import { tensor } from "../../src/model/parameters.js";
import { circleModel, logitsOf, wave } from "./synthetic.js";

describe("sparsity by basis", () => {
  it("of a model that multiplies is found in the logarithms alone", () => {
    const { config, layout, trained } = circleModel([4, 9], { operation: "multiply", modulus: 59 });
    const { modulus: p, d_model: d } = config;
    // The same circles, with token g^t in the place of token t.
    const moved = trained.slice();
    const { residues, positions } = multiplicativeCharacters(p);
    const [from, to] = [tensor(layout, trained, "W_E"), tensor(layout, moved, "W_E")];
    const [fromU, toU] = [tensor(layout, trained, "W_U"), tensor(layout, moved, "W_U")];
    residues.forEach((residue, t) => {
      to.set(from.subarray(t * d, (t + 1) * d), residue * d);
      for (let i = 0; i < d; i++) toU[i * p + residue] = fromU[i * p + t];
    });
    const logits = logitsOf(p, (a, b, c) =>
      a * b * c === 0 ? 0 : Math.cos(wave(4, p - 1) * (positions[a] + positions[b] - positions[c])),
    );
    const { additive, multiplicative } = basisSparsity(config, moved, logits);
    for (const name of ["W_E", "W_L", "logits"] as const) {
      expect(multiplicative![name]).toBeGreaterThan(additive[name] + 0.3);
    }
  });

  it("of logits that add squares is found in the additive characters, not in the multiplicative ones", () => {
    const { config, trained } = circleModel([4, 9], { operation: "squares", modulus: 61 });
    const p = config.modulus;
    const logits = logitsOf(p, (a, b, c) => Math.cos(wave(4, p) * (a * a + b * b - c)));
    const { additive, multiplicative } = basisSparsity(config, trained, logits);
    expect(additive.logits).toBeGreaterThan(0.9);
    expect(multiplicative!.logits).toBeLessThan(0.3);
  });

  it("has one basis only where the modulus is composite", () => {
    const { config, trained } = circleModel([4, 9], { modulus: 57 });
    const { additive, multiplicative } = basisSparsity(
      config,
      trained,
      logitsOf(57, () => 0),
    );
    expect(additive.W_E).toBeGreaterThan(0.5);
    expect(multiplicative).toBeNull();
  });
});
