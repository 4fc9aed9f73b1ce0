/** Models and logits made by formula, whose analysis is known beforehand. */
import { parseConfig, type RunConfig } from "../../src/model/config.js";
import { initialParameters, normals } from "../../src/model/initialise.js";
import { MersenneTwister } from "../../src/model/mersenne-twister.js";
import { parameterLayout, tensor } from "../../src/model/parameters.js";

export const wave = (k: number, p: number) => (2 * Math.PI * k) / p;

/** Logits [p², p] from a formula in (a, b, c). */
export function logitsOf(p: number, formula: (a: number, b: number, c: number) => number): Float32Array {
  const out = new Float32Array(p * p * p);
  for (let a = 0; a < p; a++)
    for (let b = 0; b < p; b++) for (let c = 0; c < p; c++) out[(a * p + b) * p + c] = formula(a, b, c);
  return out;
}

/** Σ_k α cos w_k(a + b − c): what an ideal network computes. */
export function clockLogits(p: number, frequencies: number[], amplitude = 8): Float32Array {
  return logitsOf(p, (a, b, c) =>
    frequencies.reduce((sum, k) => sum + amplitude * Math.cos(wave(k, p) * (a + b - c)), 0),
  );
}

export function noise(seed: number, count: number): Float64Array {
  return normals(new MersenneTwister([seed]), count);
}

/**
 * Weights as of a model that has learnt to add with the given frequencies: W_E's rows and W_U's columns are circles,
 * each frequency in a plane of its own, and each neuron reads and writes one frequency; a tenth of the initial noise
 * remains.
 */
export function circleModel(frequencies: number[], fields: Partial<RunConfig> = {}) {
  const config = parseConfig({ modulus: 59, d_model: 32, heads: 4, d_mlp: 64, ...fields });
  const { modulus: p, d_model: d, d_mlp } = config;
  const layout = parameterLayout(config);
  const random = initialParameters(config);
  const trained = random.map((value) => value * 0.1);
  const W_E = tensor(layout, trained, "W_E");
  const W_U = tensor(layout, trained, "W_U");
  const W_out = tensor(layout, trained, `blocks.${config.layers - 1}.W_out`);
  frequencies.forEach((k, plane) => {
    for (let t = 0; t < p; t++) {
      W_E[t * d + 2 * plane] += Math.cos(wave(k, p) * t);
      W_E[t * d + 2 * plane + 1] += Math.sin(wave(k, p) * t);
      W_U[2 * plane * p + t] += Math.cos(wave(k, p) * t);
      W_U[(2 * plane + 1) * p + t] += Math.sin(wave(k, p) * t);
    }
    for (let neuron = plane; neuron < d_mlp; neuron += frequencies.length) {
      W_out[neuron * d + 2 * plane] += Math.cos(neuron);
      W_out[neuron * d + 2 * plane + 1] += Math.sin(neuron);
    }
  });
  return { config, layout, random, trained };
}
