/** Whether this machine has a GPU that WebGPU can use. */
import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { type AdapterDescription, adapterName, isSoftwareAdapter } from "../../src/training/gpu-adapter.js";

/** Prints the adapter's description as JSON, or null. */
const probe = (webgpu: string) => `
  const { create } = await import(${JSON.stringify(webgpu)});
  const adapter = await create([]).requestAdapter({ powerPreference: "high-performance" });
  const { vendor, architecture, device, description, isFallbackAdapter } = adapter?.info ?? {};
  console.log(JSON.stringify(adapter && { vendor, architecture, device, description, isFallbackAdapter }));
  process.exit(0);
`;

let known: Promise<AdapterDescription | null> | undefined;

/**
 * The adapter that WebGPU gives here, software or not; null where none answers or the package is missing. Asked in a
 * child process, once: drivers print to the terminal, may crash, and keep a process from exiting.
 */
export function adapterHere(): Promise<AdapterDescription | null> {
  known ??= askChild();
  return known;
}

/** Name of the hardware adapter, null where there is none. Never a software one. */
export async function hardwareAdapter(): Promise<string | null> {
  const adapter = await adapterHere();
  return adapter && !isSoftwareAdapter(adapter) ? adapterName(adapter) : null;
}

async function askChild(): Promise<AdapterDescription | null> {
  try {
    const webgpu = pathToFileURL(createRequire(import.meta.url).resolve("webgpu")).href;
    const script = probe(webgpu);
    const options = { timeout: 20_000, killSignal: "SIGKILL" as const };
    const child = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script], options);
    return JSON.parse(child.stdout.trim().split("\n").at(-1) ?? "null");
  } catch {
    return null;
  }
}
