/** Environment in which Node's WebGPU finds an adapter on a machine without a GPU. */
import { packagedEnvironment, unpackSoftwareGpu } from "../packaged-chromium/unpack.js";

/**
 * Variables for a child process: they must be there before its loader looks for Vulkan. Where SwiftShader does not
 * come with the npm packages (not Linux on x86-64) none, and the machine's own GPU is what WebGPU finds.
 */
export async function webGpuEnvironment(): Promise<Record<string, string>> {
  if (process.platform !== "linux" || process.arch !== "x64") return {};
  return packagedEnvironment(await unpackSoftwareGpu());
}
