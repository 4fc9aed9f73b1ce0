/** What a sweep computes with: checked before any process is started, since each would fail for itself. */
import { CommandError } from "../command-error.js";
import type { ENGINE_CHOICES, EngineName } from "../engines.js";
import { adapterHere, hardwareAdapter } from "../webgpu/hardware-adapter.js";

export interface SweepEngineOptions {
  engine: (typeof ENGINE_CHOICES)[number];
  backend?: string;
  batch?: number;
}

/** The engine that the options name. @throws CommandError (exit 2) for options that do not go together */
export async function sweepEngine({ engine: asked, backend, batch }: SweepEngineOptions): Promise<EngineName> {
  if (backend !== undefined) await checkBackend(asked, backend);
  const engine = asked === "auto" ? await engineHere() : asked;
  if (batch !== undefined && engine !== "webgpu") {
    throw new CommandError(`--batch: ${batch} is not allowed with ${engine}; only webgpu trains batches`, 2);
  }
  return engine;
}

/** @throws CommandError (exit 2) where it takes a GPU and none answers */
export async function checkAdapter(engine: EngineName, backend?: string): Promise<void> {
  const option = engine === "webgpu" ? "--engine" : backend === "webgpu" ? "--backend" : null;
  if (option && !(await adapterHere())) {
    throw new CommandError(
      `${option}: webgpu finds no adapter here; it needs the package webgpu and a GPU's driver`,
      2,
    );
  }
}

async function checkBackend(engine: string, backend: string): Promise<void> {
  if (engine !== "tfjs") {
    throw new CommandError(`--backend: ${backend} is not allowed; only --engine tfjs has backends`, 2);
  }
  // Loaded here: TensorFlow.js takes half a second.
  const { BACKENDS } = await import("../../src/training/tfjs/backend.js");
  if (!(BACKENDS as readonly string[]).includes(backend)) {
    throw new CommandError(`--backend: ${backend} is not allowed; allowed: ${BACKENDS.join(", ")}`, 2);
  }
}

async function engineHere(): Promise<EngineName> {
  return (await hardwareAdapter()) ? "webgpu" : "wasm";
}
