/**
 * What a run under way needs to be continued to the bit: its state, replaced in one step every now and then, and the
 * weights set aside for the analysis at its end. It lies in the store, under .working/KEY.
 */
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { RunConfig } from "../../src/model/config.js";
import type { EngineIdentity, TrainingState } from "../../src/training/engine.js";
import type { MetricsRow } from "../../src/training/run-record.js";
import type { SpikeState } from "../../src/training/spikes.js";
import { makeFolder, replaceFile } from "./durable.js";
import { type Lock, LockedError, takeLock } from "./lock.js";
import { sha256 } from "./record-schema.js";
import { onDisk, StoreError } from "./store-error.js";

/** Everything of a run under way but the weights set aside. */
export interface WorkingState {
  config: RunConfig;
  engine: EngineIdentity;
  training: TrainingState;
  /** Weights of the last evaluation: the last good ones, should the next loss not be finite. */
  evaluated: Float32Array;
  rows: MetricsRow[];
  /** Epochs whose weights are set aside. */
  candidates: number[];
  spikes: SpikeState;
  /** Time spent on the run so far, over all its processes. */
  wallSeconds: number;
}

type Header = Omit<WorkingState, "training" | "evaluated"> & { epoch: number; sha256: string };

const VECTORS = 4;

export class WorkingFolder {
  readonly path: string;
  readonly #key: string;
  #lock: Lock | undefined;

  constructor(store: string, key: string) {
    this.#key = key;
    this.path = join(store, ".working", key);
  }

  get #statePath(): string {
    return join(this.path, "state.bin");
  }

  #candidatePath(epoch: number): string {
    return join(this.path, `weights-${String(epoch).padStart(8, "0")}.f32`);
  }

  /** Makes the folder and takes its lock. @throws LockedError where another process trains the run; StoreError */
  open(): void {
    makeFolder(this.path);
    this.#lock = takeLock(join(this.path, "lock"), `${this.#key} is being trained`);
  }

  close(): void {
    this.#lock?.release();
    this.#lock = undefined;
  }

  /** Removes the folder and its lock, unless another process has taken them over. */
  remove(): void {
    if (this.#lock?.isHeld()) onDisk("remove", this.path, () => rmSync(this.path, { recursive: true, force: true }));
    this.close();
  }

  /** Removes what a process that was killed at its very end has left, unless another is at it. */
  removeLeftover(): void {
    if (!existsSync(this.path)) return;
    try {
      this.open();
      this.remove();
    } catch (error) {
      if (!(error instanceof LockedError)) throw error;
    }
  }

  /** Drops all progress, keeping the lock. */
  clear(): void {
    rmSync(this.#statePath, { force: true });
  }

  /** When the last state was saved, in milliseconds; null for a new run. */
  savedAt(): number | null {
    return statSync(this.#statePath, { throwIfNoEntry: false })?.mtimeMs ?? null;
  }

  /** The last saved state; null for a new run. @throws StoreError for a broken file */
  readState(): WorkingState | null {
    const path = this.#statePath;
    if (!existsSync(path)) return null;
    const bytes = onDisk("read", path, () => readFileSync(path));
    const end = bytes.indexOf("\n");
    const body = bytes.subarray(end + 1);
    let header: Header;
    try {
      header = JSON.parse(bytes.toString("utf8", 0, end));
    } catch {
      throw new StoreError(`${path}: truncated or altered; remove it to start the run over`);
    }
    if (sha256(body) !== header.sha256) {
      throw new StoreError(`${path}: truncated or altered; remove it to start the run over`);
    }
    const { epoch, sha256: _, ...rest } = header;
    const values = new Float32Array(body.buffer.slice(body.byteOffset, body.byteOffset + body.byteLength));
    const size = values.length / VECTORS;
    const [parameters, moment1, moment2, evaluated] = Array.from({ length: VECTORS }, (_value, i) =>
      values.slice(i * size, (i + 1) * size),
    );
    return { ...rest, training: { epoch, parameters, moment1, moment2 }, evaluated };
  }

  /**
   * Saves the state in one step.
   *
   * @throws LockedError where another process has taken the run over; StoreError where the disk refuses; the state
   *   before stays
   */
  saveState(state: WorkingState): void {
    const { training, evaluated, ...rest } = state;
    const vectors = [training.parameters, training.moment1, training.moment2, evaluated].map(bytesOf);
    const body = Buffer.concat(vectors);
    const header: Header = { ...rest, epoch: training.epoch, sha256: sha256(body) };
    this.#lock?.refresh();
    replaceFile(this.#statePath, [Buffer.from(`${JSON.stringify(header)}\n`), body], "state");
  }

  /** Sets weights aside. @throws LockedError where another process has taken the run over; StoreError */
  saveCandidate(epoch: number, parameters: Float32Array): void {
    this.#lock?.refresh();
    replaceFile(this.#candidatePath(epoch), [bytesOf(parameters)], "candidate");
  }

  /** Weights set aside at an epoch. @throws StoreError where there are none */
  readCandidate(epoch: number): Float32Array {
    const path = this.#candidatePath(epoch);
    const bytes = onDisk("read", path, () => readFileSync(path));
    return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  }
}

/** Keeps what is under way out of version control wherever the store lies. */
export function ignoreWorkingFolders(store: string): void {
  const path = join(store, ".working", ".gitignore");
  makeFolder(join(store, ".working"));
  if (!existsSync(path)) onDisk("write", path, () => writeFileSync(path, "*\n"));
}

const bytesOf = (values: Float32Array) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
