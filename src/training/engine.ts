/**
 * What every engine promises: the same training, whoever computes it.
 *
 * An engine owns its numerics and says who it is. Bits are promised for equal identity only.
 */
import type { RunConfig } from "../model/config.js";
import type { Split } from "../model/dataset.js";

/** Raised when a change to the step or the initialisation changes results; part of every run's key. */
export const NUMERICS_VERSION = 1;

export type EngineName = "tfjs" | "wasm" | "webgpu";

export interface EngineIdentity {
  name: EngineName;
  /** Which arithmetic: "relaxed-fma", "simd", or the TensorFlow.js backend. */
  variant: string;
  /** The device: "cpu" or the GPU adapter's description. */
  adapter: string;
  numerics_version: number;
}

/** All that is needed to continue a run to the bit. Vectors are flat, in the order of `parameterLayout`. */
export interface TrainingState {
  /** Optimizer steps taken. */
  epoch: number;
  parameters: Float32Array;
  /** AdamW's running mean of the gradient. */
  moment1: Float32Array;
  /** AdamW's running mean of the squared gradient. */
  moment2: Float32Array;
}

/** What the model computes on the way to its logits, for the pairs asked; n pairs, everything row-major. */
export interface Inspection {
  /** [n, p] */
  logits: Float32Array;
  /** Per layer, attention of the "=" position: [n, heads, 3]. */
  attention: Float32Array[];
  /** Per layer, MLP activations after the ReLU at the "=" position: [n, d_mlp]. */
  hidden: Float32Array[];
}

/** Computes logits, attention and activations of all p² pairs, in the order of their codes a·p + b. */
export type Inspect = (config: RunConfig, parameters: Float32Array) => Inspection | Promise<Inspection>;

/** How the model does on all pairs, by code a·p + b. */
export interface Outcomes {
  /** Loss in nats: [p²]. */
  losses: Float32Array;
  /** 1 where the right answer has the largest logit (a tie with an earlier class counts against it): [p²]. */
  correct: Uint8Array;
}

/** One run to be trained. */
export interface Problem {
  config: RunConfig;
  split: Split;
  state: TrainingState;
}

export interface Engine {
  readonly identity: EngineIdentity;
  /** Takes `count` full-batch AdamW steps. Resolves to the mean training loss (nats) before each of them. */
  step(count: number): Promise<Float64Array>;
  /** Logits [n, p] for pairs given as codes a·p + b. */
  logits(pairs: Uint32Array): Promise<Float32Array>;
  /** Logits, attention and hidden activations for pairs given as codes a·p + b. */
  inspect(pairs: Uint32Array): Promise<Inspection>;
  /** Losses and correctness of all pairs, where the engine can work them out without handing over the logits. */
  outcomes?(): Promise<Outcomes>;
  /** Gradient of the mean training loss at the current weights, flat. */
  gradient(): Promise<Float32Array>;
  /** A copy of the state. */
  state(): Promise<TrainingState>;
  /** A copy of the weights alone, where that is cheaper than the state. */
  weights?(): Promise<Pick<TrainingState, "epoch" | "parameters">>;
  /** Replaces the state (weights, moments, epoch). */
  load(state: TrainingState): Promise<void>;
  /** Takes no more steps, so that runs trained beside this one no longer wait for it; all else still answers. */
  leave?(): void;
  /** Frees memory, workers and devices. */
  dispose(): Promise<void>;
}

/** Something an engine cannot do, in one line for the reader. */
export class EngineError extends Error {
  override name = "EngineError";
}
