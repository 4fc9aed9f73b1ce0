/** The forward pass of all p² pairs in WebAssembly: one engine per model size, loaded with one set of weights after the other. */
import type { RunConfig } from "../../model/config.js";
import type { Engine, Inspect } from "../engine.js";
import { createWasmEngine, type WasmHost } from "./engine.js";

/** One pair is enough for an engine that never steps, and keeps its memory small. */
const NO_TRAINING = { train: Uint32Array.of(0), test: new Uint32Array(0) };

/**
 * An inspector that keeps the engine of the last model size.
 *
 * @param host resolved when it is first needed
 */
export function wasmInspector(host: () => WasmHost | Promise<WasmHost>): Inspect {
  let size = "";
  let engine: Engine | undefined;
  return async (config, parameters) => {
    const state = { epoch: 0, parameters, moment1: zeros(parameters), moment2: zeros(parameters) };
    const wanted = sizeOf(config);
    if (!engine || size !== wanted) {
      await engine?.dispose();
      engine = await createWasmEngine({ config, split: NO_TRAINING, state }, await host(), 1);
      size = wanted;
    } else {
      await engine.load(state);
    }
    return engine.inspect(Uint32Array.from({ length: config.modulus ** 2 }, (_, code) => code));
  };
}

const zeros = (like: Float32Array) => new Float32Array(like.length);

const sizeOf = ({ modulus, layers, d_model, heads, d_head, d_mlp }: RunConfig) =>
  [modulus, layers, d_model, heads, d_head, d_mlp].join();
