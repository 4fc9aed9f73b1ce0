/**
 * What a reader has chosen on a page, declared once and kept in the address.
 *
 * This part knows no browser: it reads and writes the query of an address.
 */

/** The choices of a page by name. */
export type Choices = Record<string, unknown>;

/** One choice. Later parameters may depend on the values of earlier ones. */
export interface Parameter<T> {
  /** The value of an address that does not name it. */
  initial: (earlier: Choices) => T;
  /** Turns text into a value. @throws RangeError whose message completes "allowed: …" */
  read(text: string, earlier: Choices): T;
  write(value: T): string;
}

export type Parameters<S> = { [K in keyof S]: Parameter<S[K]> };

export interface Reading<S> {
  values: S;
  /** Which of them the address names with an allowed value. */
  chosen: Set<keyof S>;
  /** What the address names but cannot have, each in one line. */
  notices: string[];
}

/** Reads an address: a value that is not allowed falls back to the initial one, and a notice says so. */
export function readQuery<S extends Choices>(parameters: Parameters<S>, query: string): Reading<S> {
  const asked = new URLSearchParams(query);
  const values: Choices = {};
  const chosen = new Set<keyof S>();
  const notices: string[] = [];
  for (const name of Object.keys(parameters) as (keyof S & string)[]) {
    const parameter = parameters[name];
    const text = asked.get(name);
    values[name] = parameter.initial(values);
    if (text === null) continue;
    try {
      values[name] = parameter.read(text, values);
      chosen.add(name);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      const fallback = parameter.write(values[name] as S[typeof name]);
      notices.push(`${name}: “${text}” is not here; allowed: ${error.message}. Showing ${fallback || "none"}.`);
    }
  }
  return { values: values as S, chosen, notices };
}

/** Writes the chosen values into an address, keeping what else it has. @returns "" or "?…" */
export function writeQuery<S extends Choices>(
  parameters: Parameters<S>,
  values: S,
  chosen: ReadonlySet<keyof S>,
  query: string,
): string {
  const asked = new URLSearchParams(query);
  for (const name of Object.keys(parameters) as (keyof S & string)[]) {
    if (chosen.has(name)) asked.set(name, parameters[name].write(values[name]));
    else asked.delete(name);
  }
  const text = asked.toString();
  return text && `?${text}`;
}

/** A choice among names. */
export function oneOf<const T extends string>(allowed: readonly T[], initial: T): Parameter<T> {
  return {
    initial: () => initial,
    write: (value) => value,
    read(text) {
      if (!allowed.includes(text as T)) throw new RangeError(allowed.join(", ") || "none");
      return text as T;
    },
  };
}

/** A whole number within bounds that may depend on earlier choices. */
export function integerWithin(
  bounds: (earlier: Choices) => [low: number, high: number],
  initial: (earlier: Choices) => number,
): Parameter<number> {
  return {
    initial,
    write: String,
    read(text, earlier) {
      const [low, high] = bounds(earlier);
      const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
      if (!(value >= low && value <= high)) throw new RangeError(`a whole number from ${low} to ${high}`);
      return value;
    },
  };
}

/** Whole numbers within bounds, with commas between them; "" for none. Each is kept once, in the order given. */
export function integerList(
  bounds: (earlier: Choices) => [low: number, high: number],
  { most }: { most: number },
): Parameter<string> {
  return {
    initial: () => "",
    write: (value) => value,
    read(text, earlier) {
      const [low, high] = bounds(earlier);
      const numbers = text.split(/[\s,]+/).filter(Boolean);
      const allowed = numbers.every((part) => /^\d{1,9}$/.test(part) && Number(part) >= low && Number(part) <= high);
      const distinct = [...new Set(numbers.map(Number))];
      if (!allowed || distinct.length > most) {
        throw new RangeError(`up to ${most} whole numbers from ${low} to ${high}, with commas between them`);
      }
      return distinct.join(",");
    },
  };
}
