/** What a GPU device does when it fails, on a device that fails as it is told. */
import { describe, expect, it } from "vitest";
import { GpuDevice, type WebGpuHost } from "../../src/training/webgpu/device.js";

type Popped = () => Promise<GPUError | null>;

/** A host whose devices can be made to fail, and what became of them. @param more of what they can do */
function failingHost(more: object = {}) {
  const destroyed: number[] = [];
  const complain: ((message: string) => void)[] = [];
  let popped: Popped[] = [];
  let released = 0;
  function requestDevice() {
    const number = complain.length;
    const device = {
      lost: new Promise(() => {}),
      createBindGroupLayout: () => ({}),
      pushErrorScope() {},
      popErrorScope: () => popped.shift()?.() ?? Promise.resolve(null),
      addEventListener(_: "uncapturederror", listener: (event: { error: Error }) => void) {
        complain.push((message) => listener({ error: new Error(message) }));
      },
      destroy: () => destroyed.push(number),
      ...more,
    };
    return Promise.resolve(device);
  }
  const adapter = { info: { description: "a failing adapter" }, limits: {}, requestDevice };
  const gpu = { requestAdapter: () => Promise.resolve(adapter) } as unknown as GPU;
  const host: WebGpuHost = { gpu, release: () => released++ };
  return {
    host,
    complain,
    destroyed,
    released: () => released,
    pops: (...scopes: Popped[]) => {
      popped = scopes;
    },
  };
}

describe("a GPU device", () => {
  it("keeps one buffer to read through where requests grow", async () => {
    const made: number[] = [];
    const freed: number[] = [];
    const createBuffer = ({ size }: GPUBufferDescriptor) => {
      made.push(size);
      return {
        size,
        mapAsync: () => Promise.resolve(),
        getMappedRange: (from: number, length: number) => new ArrayBuffer(length - from),
        unmap() {},
        destroy: () => freed.push(size),
      };
    };
    const { host } = failingHost({
      createBuffer,
      createCommandEncoder: () => ({ copyBufferToBuffer() {}, finish: () => ({}) }),
      queue: { submit() {} },
    });
    const device = await GpuDevice.open(host);
    const read = (size: number) => device.read([{ buffer: {} as GPUBuffer, offset: 0, size }]);
    for (const size of [64, 256, 128, 1024]) await read(size);
    expect([made, freed]).toEqual([
      [64, 256, 1024],
      [64, 256],
    ]);
  });

  it("is shared by the batches of a host, and given back by the last", async () => {
    const { host, complain, destroyed, released } = failingHost();
    const [first, second] = [await GpuDevice.open(host), await GpuDevice.open(host)];
    expect([second, complain.length]).toEqual([first, 1]);
    first.close();
    expect([destroyed, released()]).toEqual([[], 0]);
    second.close();
    expect([destroyed, released()]).toEqual([[0], 1]);
  });

  it("that has refused a command is not given to the next batch, which has the host for as long as it needs", async () => {
    const { host, complain, destroyed, released } = failingHost();
    const failed = await GpuDevice.open(host);
    complain[0]("too many\nbindings");
    expect(() => failed.check()).toThrow("the GPU refused a command: too many bindings");
    const next = await GpuDevice.open(host);
    expect(next).not.toBe(failed);
    expect(() => next.check()).not.toThrow();
    expect(await GpuDevice.open(host)).toBe(next);
    failed.close();
    expect([destroyed, released()]).toEqual([[0], 0]);
    next.close();
    next.close();
    expect([destroyed, released()]).toEqual([[0, 1], 1]);
  });
});

describe("a guarded creation", () => {
  const fails: Popped = () => Promise.reject(new Error("the scope was lost"));
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => unhandled.push(reason);

  it("that fails in both scopes, or fails itself, leaves no promise that nobody waits for", async () => {
    const { host, pops } = failingHost();
    const device = await GpuDevice.open(host);
    process.on("unhandledRejection", note);
    try {
      pops(fails, fails);
      await expect(device.guarded("a buffer", () => 1)).rejects.toThrow("the scope was lost");
      pops(fails, fails);
      const refused = device.guarded("a buffer", () => {
        throw new Error("no such size");
      });
      await expect(refused).rejects.toThrow("no such size");
      await new Promise((resume) => setTimeout(resume, 10));
      expect(unhandled).toEqual([]);
    } finally {
      process.off("unhandledRejection", note);
    }
  });

  it("says what it was, and gives what was made where nothing failed", async () => {
    const { host, pops } = failingHost();
    const device = await GpuDevice.open(host);
    pops(
      () => Promise.resolve(null),
      () => Promise.resolve(new Error("too large") as unknown as GPUError),
    );
    await expect(device.guarded("a buffer", () => 1)).rejects.toThrow("a buffer: too large");
    expect(await device.guarded("a buffer", () => 1)).toBe(1);
  });
});
