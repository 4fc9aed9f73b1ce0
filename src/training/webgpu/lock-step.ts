/** Runs of a batch step together: a request waits until every run that is alive has one. */
import type { RunConfig } from "../../model/config.js";
import { adamWScalars } from "../adamw-scalars.js";
import { EngineError } from "../engine.js";

/** What takes the steps of all active runs. Resolves to losses [count, runs]. */
export interface StepTaker {
  step(count: number, scalarsOf: (run: number, step: number) => number[]): Promise<Float32Array>;
  setActive(runs: readonly number[]): void;
}

interface Request {
  losses: Float64Array;
  taken: number;
  resolve(losses: Float64Array): void;
  reject(error: unknown): void;
}

export class LockStep {
  /** Optimizer steps taken, by run. */
  readonly epochs: number[];
  readonly #taker: StepTaker;
  readonly #configs: readonly RunConfig[];
  readonly #alive: Set<number>;
  readonly #requests = new Map<number, Request>();
  #stepping = false;

  constructor(taker: StepTaker, configs: readonly RunConfig[]) {
    this.#taker = taker;
    this.#configs = configs;
    this.#alive = new Set(configs.keys());
    this.epochs = configs.map(() => 0);
  }

  /** Asks for steps of one run. Resolves to its loss before each, once the others have let it take them all. */
  step(run: number, count: number): Promise<Float64Array> {
    if (count === 0) return Promise.resolve(new Float64Array(0));
    if (!this.#alive.has(run)) return Promise.reject(new EngineError("the engine takes no more steps: it has left"));
    if (this.#requests.has(run)) return Promise.reject(new EngineError("the engine is still taking other steps"));
    return new Promise((resolve, reject) => {
      this.#requests.set(run, { losses: new Float64Array(count), taken: 0, resolve, reject });
      void this.#pump();
    });
  }

  /** A run that takes no more steps, and no longer holds the others up. */
  leave(run: number): void {
    if (!this.#alive.delete(run)) return;
    this.#requests.get(run)?.reject(new EngineError("the engine was disposed of while it was training"));
    this.#requests.delete(run);
    if (this.#alive.size === 0) return;
    this.#taker.setActive([...this.#alive]);
    void this.#pump();
  }

  /** Takes steps as long as every run has asked for some. */
  async #pump(): Promise<void> {
    if (this.#stepping) return;
    this.#stepping = true;
    try {
      while (this.#alive.size > 0 && this.#requests.size === this.#alive.size) await this.#stepAll();
    } catch (error) {
      for (const { reject } of this.#requests.values()) reject(error);
      this.#requests.clear();
    } finally {
      this.#stepping = false;
    }
  }

  async #stepAll(): Promise<void> {
    const asked = [...this.#requests];
    const count = Math.min(...asked.map(([, { losses, taken }]) => losses.length - taken));
    const scalarsOf = (run: number, step: number) => adamWScalars(this.#configs[run], this.epochs[run] + step);
    const losses = await this.#taker.step(count, scalarsOf);
    const runs = this.#configs.length;
    for (const [run, request] of asked) {
      for (let i = 0; i < count; i++) request.losses[request.taken + i] = losses[i * runs + run];
      request.taken += count;
      this.epochs[run] += count;
      if (request.taken < request.losses.length || this.#requests.get(run) !== request) continue;
      this.#requests.delete(run);
      request.resolve(request.losses);
    }
  }
}
