/** The worker's models: fetched weights and computed views, the last few of each kept. */
import { asTwin, type ModelView, type ModelWeights, randomTwin, viewModel } from "../../analysis/model-view.js";
import type { Inspect } from "../../training/engine.js";
import { decodeCheckpoint } from "./decode-checkpoint.js";
import type { Job, RunWeights } from "./messages.js";

/** A view of the main model takes 33 MB, its weights 0.9 MB. */
const KEPT_VIEWS = 4;
const KEPT_WEIGHTS = 48;

/** Keeps the values used last. */
class Recent<T> {
  readonly #values = new Map<string, T>();
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The value of a key, made if need be; one that fails is not kept. */
  async get(key: string, make: () => Promise<T>): Promise<T> {
    const value = this.#values.get(key) ?? (await make());
    this.#values.delete(key);
    this.#values.set(key, value);
    for (const oldest of this.#values.keys()) {
      if (this.#values.size <= this.#limit) break;
      this.#values.delete(oldest);
    }
    return value;
  }
}

export class Models {
  readonly #folder: string;
  readonly #inspect: Inspect;
  readonly #weights = new Recent<ModelWeights>(KEPT_WEIGHTS);
  readonly #views = new Recent<ModelView>(KEPT_VIEWS);

  /** @param folder address of the checkpoints of all runs */
  constructor(folder: string, inspect: Inspect) {
    this.#folder = folder;
    this.#inspect = inspect;
  }

  /** Weights of the model that a job is about, at one stored epoch of it. @throws Error in one line */
  weights(job: Pick<Job, "run" | "twin" | "memorized">, epoch: number): Promise<ModelWeights> {
    const { run, twin } = job;
    const count = run.key_frequencies?.length ?? 0;
    return this.#weights.get(`${keyOf(job)}@${epoch}`, async () => {
      if (twin === "random weights") return randomTwin(run.config, count);
      const source = sourceOf(job);
      const { config } = source;
      const parameters = decodeCheckpoint(config, await this.#fetch(source, epoch));
      if (twin) return asTwin(twin, { config, epoch, parameters }, count);
      const { key_frequencies: keyFrequencies, ranked_frequencies: rankedFrequencies } = run;
      return { config, epoch, parameters, keyFrequencies, rankedFrequencies, twin };
    });
  }

  /** The same model with what it computes for all pairs. */
  view(job: Pick<Job, "run" | "twin" | "memorized">, epoch: number): Promise<ModelView> {
    const make = async () => viewModel(await this.weights(job, epoch), this.#inspect);
    return this.#views.get(`${keyOf(job)}@${epoch}`, make);
  }

  async #fetch({ key }: RunWeights, epoch: number): Promise<ArrayBuffer> {
    const what = `the weights of epoch ${epoch} of ${key} could not be loaded`;
    const response = await fetch(new URL(`${key}/${epoch}.arrow`, this.#folder)).catch((error) => {
      throw new Error(`${what} (${error.message})`);
    });
    if (!response.ok) throw new Error(`${what} (status ${response.status})`);
    return response.arrayBuffer();
  }
}

/** The run whose weights stand for a job's model. */
export function sourceOf({ run, twin, memorized }: Pick<Job, "run" | "twin" | "memorized">): RunWeights {
  return twin === "memorized" && memorized ? memorized : run;
}

const keyOf = (job: Pick<Job, "run" | "twin" | "memorized">) => `${sourceOf(job).key}/${job.twin}/${job.run.key}`;
