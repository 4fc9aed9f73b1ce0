/**
 * The model trained with TensorFlow.js and autodiff: written to be read, the oracle of the faster engines, and the
 * place to try an architecture of one's own (see model.ts). Any depth, width and operation.
 */
import * as tf from "@tensorflow/tfjs";
import { labels } from "../../model/dataset.js";
import { mean } from "../../model/losses.js";
import { parameterLayout } from "../../model/parameters.js";
import type { TrainingState } from "../engine.js";
import { type Engine, type EngineIdentity, type Inspection, NUMERICS_VERSION, type Problem } from "../engine.js";
import { adamWStep, type Slot } from "./adamw.js";
import { type Backend, holdBackend, releaseBackend, type WasmPaths } from "./backend.js";
import { pairLosses } from "./loss.js";
import { forward, oneHotTokens, type Weights } from "./model.js";

/** Pairs run at once where no gradient is asked: bounds the memory. */
const CHUNK = 4096;

export interface TfjsOptions {
  /** Default: wasm, which runs everywhere. */
  backend?: Backend;
  wasmPaths?: WasmPaths;
}

/**
 * Starts an engine. Dispose of it when done; engines alive at once must be on one backend.
 *
 * @throws EngineError where the backend cannot run here
 */
export async function createTfjsEngine(problem: Problem, options: TfjsOptions = {}): Promise<Engine> {
  const backend = options.backend ?? "wasm";
  const adapter = await holdBackend(backend, options.wasmPaths);
  return new TfjsEngine(problem, { name: "tfjs", variant: backend, adapter, numerics_version: NUMERICS_VERSION });
}

class TfjsEngine implements Engine {
  readonly #problem: Problem;
  readonly #layout;
  /** Training tokens, one-hot: [3n, p + 1]. */
  readonly #tokens: tf.Tensor;
  /** Right answers of the training pairs, one-hot: [n, p]. */
  readonly #answers: tf.Tensor;
  #slots: Record<string, Slot>;
  #epoch: number;

  constructor(
    problem: Problem,
    readonly identity: EngineIdentity,
  ) {
    const { config, split, state } = problem;
    const answer = labels(config);
    this.#problem = problem;
    this.#layout = parameterLayout(config);
    this.#tokens = oneHotTokens(split.train, config.modulus);
    this.#answers = tf.tidy(() => {
      const classes = tf.tensor1d(
        Array.from(split.train, (code) => answer[code]),
        "int32",
      );
      return tf.oneHot(classes, config.modulus).toFloat();
    });
    this.#slots = this.#upload(state);
    this.#epoch = state.epoch;
  }

  async step(count: number): Promise<Float64Array> {
    const trainLosses = new Float64Array(count);
    for (let i = 0; i < count; i++) {
      const { losses, gradient } = this.#lossesAndGradient();
      for (const [name, slot] of Object.entries(this.#slots)) {
        this.#slots[name] = adamWStep(this.#problem.config, this.#epoch, slot, gradient[name]);
        tf.dispose(slot);
      }
      this.#epoch++;
      trainLosses[i] = mean(await losses.data()); // per pair in float32, their mean in float64
      tf.dispose([losses, gradient]);
      await new Promise((resume) => setTimeout(resume)); // lets signals and messages in: a step may take seconds
    }
    return trainLosses;
  }

  async gradient(): Promise<Float32Array> {
    const { losses, gradient } = this.#lossesAndGradient();
    const flat = await this.#download((name) => gradient[name]);
    tf.dispose([losses, gradient]);
    return flat;
  }

  async logits(pairs: Uint32Array): Promise<Float32Array> {
    return (await this.inspect(pairs)).logits;
  }

  async inspect(pairs: Uint32Array): Promise<Inspection> {
    const { modulus: p, layers, heads, d_mlp } = this.#problem.config;
    const n = pairs.length;
    const perLayer = (width: number) => Array.from({ length: layers }, () => new Float32Array(n * width));
    const result = { logits: new Float32Array(n * p), attention: perLayer(heads * 3), hidden: perLayer(d_mlp) };
    for (let start = 0; start < n; start += CHUNK) {
      const some = pairs.subarray(start, start + CHUNK);
      const activations = tf.tidy(() => forward(this.#problem.config, this.#weights(), oneHotTokens(some, p)));
      result.logits.set(await activations.logits.data<"float32">(), start * p);
      for (let layer = 0; layer < layers; layer++) {
        result.attention[layer].set(await activations.attention[layer].data<"float32">(), start * heads * 3);
        result.hidden[layer].set(await activations.hidden[layer].data<"float32">(), start * d_mlp);
      }
      tf.dispose(activations);
    }
    return result;
  }

  async state(): Promise<TrainingState> {
    return {
      epoch: this.#epoch,
      parameters: await this.#download((name) => this.#slots[name].weight),
      moment1: await this.#download((name) => this.#slots[name].moment1),
      moment2: await this.#download((name) => this.#slots[name].moment2),
    };
  }

  async load(state: TrainingState): Promise<void> {
    tf.dispose(this.#slots);
    this.#slots = this.#upload(state);
    this.#epoch = state.epoch;
  }

  async dispose(): Promise<void> {
    tf.dispose([this.#tokens, this.#answers, this.#slots]);
    releaseBackend();
  }

  #weights(): Weights {
    return Object.fromEntries(Object.entries(this.#slots).map(([name, slot]) => [name, slot.weight]));
  }

  /** Training loss of each pair, [n], and the gradient of their mean. The caller disposes of both. */
  #lossesAndGradient(): { losses: tf.Tensor; gradient: Weights } {
    const { config, split } = this.#problem;
    const weights = this.#weights();
    const names = Object.keys(weights);
    const losses = (...tensors: tf.Tensor[]) => {
      const current = Object.fromEntries(names.map((name, i) => [name, tensors[i]]));
      return pairLosses(forward(config, current, this.#tokens).logits, this.#answers, config.softmax);
    };
    return tf.tidy(() => {
      const share = tf.fill([split.train.length], 1 / split.train.length); // d mean / d each loss
      const { value, grads } = tf.valueAndGrads(losses)(Object.values(weights), share);
      return { losses: value, gradient: Object.fromEntries(names.map((name, i) => [name, grads[i]])) };
    });
  }

  #upload(state: TrainingState): Record<string, Slot> {
    const slots = this.#layout.tensors.map(({ name, shape, offset, size }) => {
      // Copies: TensorFlow.js may keep the array it is given.
      const upload = (flat: Float32Array) => tf.tensor(flat.slice(offset, offset + size), [...shape]);
      const { parameters, moment1, moment2 } = state;
      return [name, { weight: upload(parameters), moment1: upload(moment1), moment2: upload(moment2) }];
    });
    return Object.fromEntries(slots);
  }

  async #download(tensorOf: (name: string) => tf.Tensor): Promise<Float32Array> {
    const flat = new Float32Array(this.#layout.size);
    for (const { name, offset } of this.#layout.tensors) flat.set(await tensorOf(name).data<"float32">(), offset);
    return flat;
  }
}
