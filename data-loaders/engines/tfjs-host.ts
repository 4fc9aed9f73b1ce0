/** Node's side of the tfjs engine: the backend's name, and WebGPU where it is asked for. */
import { type Engine, EngineError, type Problem } from "../../src/training/engine.js";
import { BACKENDS, type Backend } from "../../src/training/tfjs/backend.js";
import { createTfjsEngine } from "../../src/training/tfjs/engine.js";
import { hardwareAdapter } from "../webgpu/hardware-adapter.js";
import { installNodeGpu } from "../webgpu/node-gpu.js";

/**
 * Starts the tfjs engine.
 *
 * @param backend webgpu, wasm or cpu; by itself webgpu where a hardware adapter answers, else wasm
 * @throws EngineError for another name, or where the backend cannot run here
 */
export async function createNodeTfjsEngine(problem: Problem, backend?: string): Promise<Engine> {
  const chosen = backend ?? ((await hardwareAdapter()) ? "webgpu" : "wasm");
  if (!isBackend(chosen)) {
    throw new EngineError(`backend: ${chosen} is not allowed; allowed: ${BACKENDS.join(", ")}`);
  }
  if (chosen !== "webgpu") return createTfjsEngine(problem, { backend: chosen });
  const removeNodeGpu = await installNodeGpu();
  try {
    const engine = await createTfjsEngine(problem, { backend: chosen });
    const dispose = engine.dispose.bind(engine);
    engine.dispose = async () => {
      await dispose();
      removeNodeGpu();
    };
    return engine;
  } catch (error) {
    removeNodeGpu();
    throw error;
  }
}

const isBackend = (name: string): name is Backend => (BACKENDS as readonly string[]).includes(name);
