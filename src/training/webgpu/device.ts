/** The GPU device of one batch: its limits, its buffers, and what it says when it fails. */
import { EngineError } from "../engine.js";
import { adapterName } from "../gpu-adapter.js";

/** What a platform must bring. */
export interface WebGpuHost {
  /** `navigator.gpu`, or what Node's package makes. */
  gpu: GPU;
  /** Called when no batch needs the device any more. */
  release?(): void;
}

/** Devices in use, one per host: what is compiled for one batch serves the next. */
const open = new WeakMap<WebGpuHost, Shared>();

interface Shared {
  device: Promise<GpuDevice>;
  users: number;
}

/** Flags of the WebGPU standard, which Node has no globals for. */
const USAGE = { MAP_READ: 0x1, COPY_SRC: 0x4, COPY_DST: 0x8, UNIFORM: 0x40, STORAGE: 0x80 } as const;
const MAP_READ = 0x1;

/** Name of the standard's class. */
const OUT_OF_MEMORY = "GPUOutOfMemoryError";

/** The device has no room for what was asked. */
export class NoMemoryError extends EngineError {
  override name = "NoMemoryError";
}

export interface Stretch {
  buffer: GPUBuffer;
  /** Bytes. */
  offset: number;
  size: number;
}

export class GpuDevice {
  readonly device: GPUDevice;
  readonly adapter: string;
  /** What every kernel binds: the batch's buffers, and the two uniforms of a pass. */
  readonly layouts: readonly [GPUBindGroupLayout, GPUBindGroupLayout];
  /** What is waited for, to be rejected when the device is lost. A race against one promise would keep them all. */
  readonly #waiting = new Set<(error: EngineError) => void>();
  #failure: EngineError | null = null;
  readonly #host: WebGpuHost;
  #shared: Shared = { device: Promise.resolve(this), users: 0 };
  readonly #pipelines = new Map<string, Promise<GPUComputePipeline>>();
  /** Buffers that nothing is copied through at the moment. */
  readonly #staging: GPUBuffer[] = [];

  private constructor(device: GPUDevice, adapter: string, host: WebGpuHost) {
    this.device = device;
    this.adapter = adapter;
    this.#host = host;
    const shared = bindLayout(device, ["storage", ...READ_ONLY, "storage"], false);
    this.layouts = [shared, bindLayout(device, ["uniform", "uniform"], true)];
    void device.lost.then(({ reason, message }) => {
      const words = [reason === "unknown" ? "" : reason, message.split("\n")[0]].filter(Boolean).join(": ");
      this.#failure ??= new EngineError(
        `the GPU device was lost (${words || "no reason given"}); a run is saved up to its last checkpoint, and the ` +
          "same command continues it",
      );
      this.#giveUp();
      for (const reject of this.#waiting) reject(this.#failure);
    });
    device.addEventListener("uncapturederror", ({ error }) => {
      const kind = error.constructor.name === OUT_OF_MEMORY ? "is out of memory" : "refused a command";
      this.#failure ??= new EngineError(`the GPU ${kind}: ${oneLine(error.message)}`);
      this.#giveUp();
    });
  }

  /** The next batch gets a new device. */
  #giveUp(): void {
    if (open.get(this.#host) === this.#shared) open.delete(this.#host);
  }

  /** The host's device, or a new one. Close it when done. @throws EngineError where no adapter answers or gives one */
  static async open(host: WebGpuHost): Promise<GpuDevice> {
    let shared = open.get(host);
    if (!shared) {
      shared = { device: GpuDevice.#create(host), users: 0 };
      open.set(host, shared);
    }
    shared.users++;
    try {
      const device = await shared.device;
      device.#shared = shared;
      return device;
    } catch (error) {
      if (open.get(host) === shared) open.delete(host);
      if (!open.has(host)) host.release?.();
      throw error;
    }
  }

  static async #create(host: WebGpuHost): Promise<GpuDevice> {
    const adapter = await host.gpu.requestAdapter({ powerPreference: "high-performance" });
    if (!adapter) throw new EngineError("the webgpu engine needs a WebGPU adapter, and none answers here");
    const name = adapterName(adapter.info);
    const { maxBufferSize, maxStorageBufferBindingSize } = adapter.limits;
    try {
      const device = await adapter.requestDevice({ requiredLimits: { maxBufferSize, maxStorageBufferBindingSize } });
      return new GpuDevice(device, name, host);
    } catch (error) {
      throw new EngineError(`the WebGPU adapter ${name} gives no device: ${oneLine((error as Error).message)}`);
    }
  }

  /** Most bytes that one buffer can have for kernels to use. */
  get largestBuffer(): number {
    const { maxBufferSize, maxStorageBufferBindingSize } = this.device.limits;
    return Math.min(maxBufferSize, maxStorageBufferBindingSize);
  }

  storage(bytes: number): GPUBuffer {
    return this.device.createBuffer({ size: bytes, usage: USAGE.STORAGE | USAGE.COPY_SRC | USAGE.COPY_DST });
  }

  uniform(words: Uint32Array<ArrayBuffer>): GPUBuffer {
    const buffer = this.device.createBuffer({ size: words.byteLength, usage: USAGE.UNIFORM | USAGE.COPY_DST });
    this.device.queue.writeBuffer(buffer, 0, words);
    return buffer;
  }

  /** Runs a creation; what it asks too much of or does wrong is thrown. @throws EngineError */
  async guarded<T>(what: string, create: () => T): Promise<T> {
    // Scopes end before anything is awaited: they are the device's, and another batch may be in the making.
    this.device.pushErrorScope("out-of-memory");
    this.device.pushErrorScope("validation");
    let created: T;
    let scopes: Promise<(GPUError | null)[]>;
    try {
      created = create();
    } finally {
      scopes = Promise.all([this.device.popErrorScope(), this.device.popErrorScope()]);
      scopes.catch(() => {}); // awaited below, unless the creation itself throws
    }
    for (const error of await this.#unlessLost(scopes)) {
      if (!error) continue;
      const message = `${what}: ${oneLine(error.message)}`;
      throw error.constructor.name === OUT_OF_MEMORY ? new NoMemoryError(message) : new EngineError(message);
    }
    this.check();
    return created;
  }

  /** @throws EngineError where something has failed since */
  check(): void {
    if (this.#failure) throw this.#failure;
  }

  /** Waits for what the device does. @throws EngineError where it is lost meanwhile or has refused a command */
  async wait<T>(work: Promise<T>): Promise<T> {
    try {
      const value = await this.#unlessLost(work);
      this.check();
      return value;
    } catch (error) {
      this.check();
      // A map fails as its device is lost, a turn before the device says so.
      await this.#unlessLost(new Promise((resume) => setTimeout(resume, 100)));
      this.check();
      throw new EngineError(`the GPU refused a command: ${oneLine((error as Error).message)}`);
    }
  }

  /** The same as the work, but for a device that is lost meanwhile: then its error. */
  #unlessLost<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#waiting.add(reject);
      work.then(resolve, reject).finally(() => this.#waiting.delete(reject));
    });
  }

  /** Copies stretches out of buffers, after all that was submitted before. */
  async read(stretches: readonly Stretch[]): Promise<ArrayBuffer[]> {
    this.check();
    const total = stretches.reduce((sum, { size }) => sum + size, 0);
    const at = this.#staging.findIndex(({ size }) => size >= total);
    const usage = USAGE.MAP_READ | USAGE.COPY_DST;
    // The one that is too small makes room, so that requests of growing size leave no row of buffers behind.
    if (at < 0) this.#staging.pop()?.destroy();
    const staging = at < 0 ? this.device.createBuffer({ size: total, usage }) : this.#staging.splice(at, 1)[0];
    const encoder = this.device.createCommandEncoder();
    let end = 0;
    for (const { buffer, offset, size } of stretches) {
      encoder.copyBufferToBuffer(buffer, offset, staging, end, size);
      end += size;
    }
    this.device.queue.submit([encoder.finish()]);
    await this.wait(staging.mapAsync(MAP_READ, 0, total));
    const bytes = staging.getMappedRange(0, total);
    let start = 0;
    const copies = stretches.map(({ size }) => {
      start += size;
      return bytes.slice(start - size, start);
    });
    staging.unmap();
    this.#staging.push(staging);
    return copies;
  }

  /** Compiles a kernel, once per device. @throws EngineError with the compiler's words */
  pipeline(name: string, code: string): Promise<GPUComputePipeline> {
    const known = this.#pipelines.get(code) ?? this.#compile(name, code);
    this.#pipelines.set(code, known);
    return known;
  }

  async #compile(name: string, code: string): Promise<GPUComputePipeline> {
    const module = await this.guarded(`the kernel ${name}`, () =>
      this.device.createShaderModule({ label: name, code }),
    );
    const complaint = (await module.getCompilationInfo()).messages.find(({ type }) => type === "error");
    if (complaint) throw new EngineError(`the GPU refuses the kernel ${name}: ${oneLine(complaint.message)}`);
    const layout = this.device.createPipelineLayout({ bindGroupLayouts: [...this.layouts] });
    try {
      const compute = { module, entryPoint: name };
      return await this.device.createComputePipelineAsync({ label: name, layout, compute });
    } catch (error) {
      this.check();
      throw new EngineError(`the GPU refuses the kernel ${name}: ${oneLine((error as Error).message)}`);
    }
  }

  /** Gives the device back; the last to do so ends it. */
  close(): void {
    if (--this.#shared.users > 0) return;
    this.#giveUp();
    this.device.destroy();
    // Another device may have followed one that failed, and needs the host still.
    if (!open.has(this.#host)) this.#host.release?.();
  }
}

const READ_ONLY: readonly GPUBufferBindingType[] = Array(3).fill("read-only-storage");
/** Shader stage of the WebGPU standard. */
const COMPUTE = 0x4;

function bindLayout(device: GPUDevice, types: GPUBufferBindingType[], dynamic: boolean): GPUBindGroupLayout {
  const entries = types.map((type, binding) => ({
    binding,
    visibility: COMPUTE,
    buffer: { type, hasDynamicOffset: dynamic },
  }));
  return device.createBindGroupLayout({ entries });
}

const oneLine = (message: string): string => message.split("\n").slice(0, 3).join(" ").slice(0, 400);
