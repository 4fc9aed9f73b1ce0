/** The browser's side of the wasm engine: the compiled step by its address, on the one thread that asks for it. */
import { EngineError } from "../engine.js";
import type { WasmHost } from "./engine.js";

/** Addresses of the compiled step; see data-loaders/build/compile-wasm.ts. */
export interface CompiledStep {
  relaxed: string;
  simd: string;
}

/**
 * Fetches the step: with relaxed SIMD where this browser knows it. Needs no cross-origin isolation, since the memory
 * never leaves its thread.
 *
 * @throws EngineError where neither form can be loaded
 */
export async function browserWasmHost({ relaxed, simd }: CompiledStep): Promise<WasmHost> {
  const fast = await fetchBytes(relaxed);
  const bytes = WebAssembly.validate(fast) ? fast : await fetchBytes(simd);
  return {
    module: await compile(bytes),
    wide: false,
    startThread() {
      throw new EngineError("threads: more than 1 is not allowed here; allowed: 1");
    },
  };
}

/** Fetches and compiles another module of this folder. @throws EngineError where it cannot be loaded */
export const browserModule = async (address: string) => compile(await fetchBytes(address));

async function fetchBytes(address: string): Promise<ArrayBuffer> {
  const response = await fetch(address).catch((error) => {
    throw new EngineError(`${address} could not be fetched (${error.message})`);
  });
  if (!response.ok) throw new EngineError(`${address} could not be fetched (status ${response.status})`);
  return response.arrayBuffer();
}

async function compile(bytes: ArrayBuffer): Promise<WebAssembly.Module> {
  try {
    return await WebAssembly.compile(bytes);
  } catch {
    throw new EngineError("this browser does not know WebAssembly with SIMD");
  }
}
