/** Node's side of the wasm engine: the compiled step from disk, threads from worker_threads. */
import { readFileSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { Worker } from "node:worker_threads";
import { EngineError } from "../../src/training/engine.js";
import type { WasmHost } from "../../src/training/wasm/engine.js";

const compiled = new URL("../../src/training/wasm/compiled/", import.meta.url);

/** Source of a thread: plain JavaScript, so that it starts without a TypeScript loader. */
const THREAD = `
const { parentPort, workerData: { module, memory, table, thread } } = require("node:worker_threads");
const step = new WebAssembly.Instance(module, { env: { memory } }).exports;
step.configure(table);
parentPort.postMessage("ready");
step.serve(thread);
`;

function read(name: string): Uint8Array<ArrayBuffer> {
  try {
    return Uint8Array.from(readFileSync(new URL(name, compiled)));
  } catch {
    throw new EngineError(`the compiled training step is missing (${name}); make it with: npm run build:wasm`);
  }
}

let relaxedAsked = false;

/** Node 20 knows relaxed SIMD behind a flag that newer versions refuse, so: validate, ask, validate again. */
function relaxedIsKnown(bytes: Uint8Array<ArrayBuffer>): boolean {
  if (WebAssembly.validate(bytes)) return true;
  if (relaxedAsked) return false;
  relaxedAsked = true;
  if (Number(process.versions.node.split(".")[0]) < 22) setFlagsFromString("--experimental-wasm-relaxed-simd");
  return WebAssembly.validate(bytes);
}

/** V8's flag that joins 128-bit vectors into 256 bits, on the command line: experimental, so never set from here. */
const WIDE_FLAG = "--experimental-wasm-revectorize";

/** @param arithmetic "auto" takes relaxed SIMD where the host knows it */
export function nodeWasmHost(arithmetic: "auto" | "simd" = "auto"): WasmHost {
  const relaxed = arithmetic === "auto" ? read("relaxed.wasm") : undefined;
  const bytes = relaxed && relaxedIsKnown(relaxed) ? relaxed : read("simd.wasm");
  return {
    module: new WebAssembly.Module(bytes),
    wide: [...process.execArgv, process.env.NODE_OPTIONS ?? ""].some((option) => option.includes(WIDE_FLAG)),
    startThread(memory, table, thread) {
      const { module } = this;
      return new Promise((resolve, reject) => {
        const worker = new Worker(THREAD, { eval: true, workerData: { module, memory, table, thread } });
        worker.once("error", reject);
        worker.once("message", () => {
          worker.unref();
          resolve({ stop: async () => void (await worker.terminate()) });
        });
      });
    },
  };
}
