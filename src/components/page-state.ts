/** The choices of a page, live: in the address, in its history, and told to whoever follows them. */
import { type Choices, type Parameters, readQuery, writeQuery } from "./url-state.js";

/** Changes of one choice within this time make one step of the history: a scrub is one step back. */
const SCRUB_MILLISECONDS = 800;

const NO_CHANGE = { names: "", time: Number.NEGATIVE_INFINITY };

export class PageState<S extends Choices> {
  values: S;
  notices: string[];
  #parameters: Parameters<S>;
  #chosen: Set<keyof S>;
  #listeners = new Set<(values: S) => void>();
  #lastChange = NO_CHANGE;

  constructor(parameters: Parameters<S>) {
    this.#parameters = parameters;
    const reading = readQuery(parameters, location.search);
    this.values = reading.values;
    this.notices = reading.notices;
    this.#chosen = reading.chosen;
    addEventListener("popstate", () => {
      // What is changed after going back is a step of its own: replacing here would lose the step gone back to.
      this.#lastChange = NO_CHANGE;
      this.#read(location.search);
      this.#tell();
    });
  }

  /** Sets choices; a value that a choice made before no longer allows falls back to its initial one. */
  set(patch: Partial<S>) {
    const names = Object.keys(patch) as (keyof S & string)[];
    if (names.every((name) => Object.is(patch[name], this.values[name]))) return;
    const chosen = new Set(this.#chosen);
    for (const name of names) chosen.add(name);
    const query = writeQuery(this.#parameters, { ...this.values, ...patch }, chosen, location.search);
    this.#remember(names.join(), query);
    this.#read(query);
    // A fallback that a choice here brought about is no fault of the address.
    this.notices = [];
    const kept = writeQuery(this.#parameters, this.values, this.#chosen, query);
    history.replaceState(null, "", kept || location.pathname);
    this.#tell();
  }

  #remember(names: string, query: string) {
    const now = performance.now();
    const scrubbing = names === this.#lastChange.names && now - this.#lastChange.time < SCRUB_MILLISECONDS;
    this.#lastChange = { names, time: now };
    if (scrubbing) history.replaceState(null, "", query);
    else history.pushState(null, "", query);
  }

  #read(query: string) {
    const reading = readQuery(this.#parameters, query);
    this.values = reading.values;
    this.#chosen = reading.chosen;
    this.notices = reading.notices;
  }

  #tell() {
    for (const listener of [...this.#listeners]) listener(this.values);
  }

  /** Calls `listener` on every change, until the function returned is called. */
  subscribe(listener: (values: S) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The values of one choice from now on, for a reactive cell; a value passed over while busy is dropped. */
  async *follow<K extends keyof S>(name: K): AsyncGenerator<S[K]> {
    let wake = () => {};
    const stop = this.subscribe(() => wake());
    try {
      let last: S[K] | undefined;
      let first = true;
      while (true) {
        const value = this.values[name];
        if (first || !Object.is(value, last)) {
          first = false;
          last = value;
          yield value;
        } else {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      }
    } finally {
      stop();
    }
  }
}
