/** Engines by name, in Node. Each is loaded when it is first asked for: TensorFlow.js alone takes half a second. */
import { type Engine, EngineError, type Problem } from "../src/training/engine.js";
import { hardwareAdapter } from "./webgpu/hardware-adapter.js";

export const ENGINES = ["wasm", "webgpu", "tfjs"] as const;
export type EngineName = (typeof ENGINES)[number];
export const ENGINE_CHOICES = ["auto", ...ENGINES] as const;

export interface EngineChoice {
  /** Threads of the wasm engine. */
  threads: number;
  /** Backend of the tfjs engine: webgpu, wasm or cpu. */
  backend?: string;
}

/**
 * Starts an engine.
 *
 * @param name one of `ENGINE_CHOICES`. auto: tfjs where a backend is named, webgpu where a hardware adapter answers,
 *   else wasm. Never a software GPU.
 * @throws EngineError for what the engine cannot do here
 */
export async function createEngine(name: string, problem: Problem, choice: EngineChoice): Promise<Engine> {
  const { backend, threads } = choice;
  switch (await engineName(name, choice)) {
    case "tfjs": {
      const { createNodeTfjsEngine } = await import("./engines/tfjs-host.js");
      return createNodeTfjsEngine(problem, backend);
    }
    case "wasm": {
      if (backend !== undefined) throw new EngineError(`backend: ${backend} is not allowed; only tfjs has backends`);
      const { createWasmEngine } = await import("../src/training/wasm/engine.js");
      const { nodeWasmHost } = await import("./engines/wasm-host.js");
      return createWasmEngine(problem, nodeWasmHost(), threads);
    }
    case "webgpu":
      return (await webGpuBatch([problem], choice))[0];
    default:
      throw new EngineError(`engine: ${name} is not allowed; allowed: ${ENGINE_CHOICES.join(", ")}`);
  }
}

/**
 * Starts the engines of runs of one shape, to be trained together.
 *
 * @throws EngineError where the engine trains one at a time and there are more, or for what it cannot do here
 */
export async function createBatch(name: string, problems: readonly Problem[], choice: EngineChoice): Promise<Engine[]> {
  const engine = await engineName(name, choice);
  if (engine === "webgpu") return webGpuBatch(problems, choice);
  if (problems.length > 1) {
    throw new EngineError(`batch: ${problems.length} is not allowed with ${engine}; only webgpu trains batches`);
  }
  return Promise.all(problems.map((problem) => createEngine(engine, problem, choice)));
}

async function webGpuBatch(problems: readonly Problem[], { backend }: EngineChoice): Promise<Engine[]> {
  if (backend !== undefined) throw new EngineError(`backend: ${backend} is not allowed; only tfjs has backends`);
  const { createWebGpuBatch } = await import("../src/training/webgpu/batch.js");
  const { nodeWebGpuHost } = await import("./engines/webgpu-host.js");
  return createWebGpuBatch(problems, await nodeWebGpuHost());
}

async function engineName(name: string, { backend }: EngineChoice): Promise<string> {
  if (name !== "auto") return name;
  if (backend !== undefined) return "tfjs";
  return (await hardwareAdapter()) ? "webgpu" : "wasm";
}
