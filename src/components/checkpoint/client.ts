/** The page's side of the worker: at most one job is under way and one per figure is wanted; what is older is dropped. */
import type { Answer, Job, Setup } from "./messages.js";

export type Wish = Omit<Job, "kind" | "id">;

interface Wanted {
  wish: Wish;
  /** Jobs that are urgent go first: those of figures in view. */
  urgent: () => boolean;
  /** null: something newer was wanted of the same figure. */
  settle: (answer: Answer | null) => void;
}

export class CheckpointClient {
  readonly #setup: () => Setup;
  #worker: Worker | undefined;
  #wanted = new Map<string, Wanted>();
  #running: { id: number; settle: Wanted["settle"] } | undefined;
  #idle: (() => void)[] = [];
  #id = 0;

  /** @param setup asked for when the first figure is */
  constructor(setup: () => Setup) {
    this.#setup = setup;
  }

  /**
   * A figure's data, worked out in the worker.
   *
   * @param place what a newer wish takes the place of
   * @returns null where a newer wish for the same place came before the worker got to this one
   */
  derive(place: string, wish: Wish, urgent: () => boolean = () => true): Promise<Answer | null> {
    return new Promise((settle) => {
      this.#wanted.get(place)?.settle(null);
      this.#wanted.delete(place);
      this.#wanted.set(place, { wish, urgent, settle });
      this.#next();
    });
  }

  /** Resolves once nothing is wanted any more. */
  idle(): Promise<void> {
    if (!this.#running && this.#wanted.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  #next() {
    if (this.#running) return;
    const entries = [...this.#wanted];
    const chosen = entries.find(([, { urgent }]) => urgent()) ?? entries[0];
    if (!chosen) {
      for (const resolve of this.#idle.splice(0)) resolve();
      return;
    }
    const [place, { wish, settle }] = chosen;
    this.#wanted.delete(place);
    this.#running = { id: ++this.#id, settle };
    this.#worker ??= this.#start();
    this.#worker.postMessage({ kind: "job", id: this.#id, ...wish } satisfies Job);
  }

  #start(): Worker {
    const worker = new Worker(import.meta.resolve("./worker.js"), { type: "module" });
    worker.addEventListener("message", ({ data }: MessageEvent<Answer>) => this.#answer(data));
    worker.addEventListener("error", (event) => {
      event.preventDefault();
      const why = event.message ? `the worker failed (${event.message})` : "the worker could not be started";
      this.#worker = undefined;
      this.#answer({ id: this.#id, data: { failure: why }, epochs: [], milliseconds: 0 });
    });
    worker.postMessage(this.#setup());
    return worker;
  }

  #answer(answer: Answer) {
    const running = this.#running;
    if (answer.id !== running?.id) return;
    this.#running = undefined;
    running.settle(answer);
    this.#next();
  }
}
