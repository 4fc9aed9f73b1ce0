/** How a WebGPU adapter is named, and whether it is real hardware. */

export type AdapterDescription = Partial<
  Pick<GPUAdapterInfo, "vendor" | "architecture" | "device" | "description" | "isFallbackAdapter">
>;

const SOFTWARE = /swiftshader|llvmpipe|lavapipe|softpipe|basic render|software|\bwarp\b/i;

/** One line that names the adapter, for an engine's identity; the browser tells little, Node tells the device. */
export function adapterName({ vendor, architecture, device, description }: AdapterDescription): string {
  return [vendor, architecture, description || device].filter(Boolean).join(" ") || "unnamed WebGPU adapter";
}

/** Whether the adapter is a program on the CPU, such as SwiftShader: for tests, never chosen by itself. */
export function isSoftwareAdapter(info: AdapterDescription): boolean {
  const { vendor, architecture, device, description } = info;
  return (
    info.isFallbackAdapter === true || [vendor, architecture, device, description].some((x) => SOFTWARE.test(x ?? ""))
  );
}
