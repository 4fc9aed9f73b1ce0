/**
 * Which device TensorFlow.js computes on. It keeps one backend for the whole process (or worker), so engines that are
 * alive at once must share it.
 */
import * as tf from "@tensorflow/tfjs";
import { EngineError } from "../engine.js";
import { adapterName, isSoftwareAdapter } from "../gpu-adapter.js";

export const BACKENDS = ["webgpu", "wasm", "cpu"] as const;
export type Backend = (typeof BACKENDS)[number];

/** Where the wasm backend's three binaries lie: a folder, or one address per file name. Node finds them by itself. */
export type WasmPaths = string | Record<string, string>;

/** Index of MatMulSmallOutputSizeProgram in the WebGPU backend's list of ways to multiply. */
const SMALL_OUTPUT_PROGRAM = 2;

let held: { backend: Backend; adapter: string; engines: number } | null = null;

/**
 * Makes a backend the current one and holds it until `releaseBackend`.
 *
 * @returns the device: "cpu" or the GPU adapter's name
 * @throws EngineError where it cannot run here, or another one is held
 */
export async function holdBackend(backend: Backend, wasmPaths?: WasmPaths): Promise<string> {
  if (held && held.backend !== backend) {
    throw new EngineError(`tfjs: backend ${backend} cannot start while an engine on ${held.backend} is alive`);
  }
  if (held) {
    held.engines++;
    return held.adapter;
  }
  const holding = { backend, adapter: "cpu", engines: 1 };
  held = holding;
  try {
    tf.enableProdMode(); // no banner on the console
    if (backend === "webgpu") holding.adapter = await loadWebGpu();
    if (backend === "wasm") await loadWasm(wasmPaths);
    if (!(await tf.setBackend(backend))) throw new EngineError(`tfjs: backend ${backend} failed to start`);
  } catch (error) {
    held = null;
    throw error;
  }
  return holding.adapter;
}

/** Gives back what `holdBackend` took. */
export function releaseBackend(): void {
  if (held && --held.engines === 0) held = null;
}

async function loadWasm(paths?: WasmPaths): Promise<void> {
  const { setWasmPaths } = await import("@tensorflow/tfjs-backend-wasm");
  if (paths && !tf.findBackend("wasm")) setWasmPaths(paths);
}

/** The backend registers itself on import, if `navigator.gpu` is there by then. Returns the adapter's name. */
async function loadWebGpu(): Promise<string> {
  const gpu: GPU | undefined = globalThis.navigator?.gpu;
  // Asked as the backend asks, so that it is the same adapter.
  const adapter = await gpu?.requestAdapter({ powerPreference: "high-performance" });
  if (!adapter) throw new EngineError("tfjs: backend webgpu needs WebGPU, and no adapter answers here");
  await import("@tensorflow/tfjs-backend-webgpu");
  // Its habit of computing small tensors on the CPU would mix two devices' rounding.
  tf.env().set("WEBGPU_CPU_FORWARD", false);
  // Software runs workgroup barriers slowly: matrix products that share nothing are ten times as fast there.
  if (isSoftwareAdapter(adapter.info)) tf.env().set("WEBGPU_MATMUL_PROGRAM_TYPE", SMALL_OUTPUT_PROGRAM);
  return adapterName(adapter.info);
}
