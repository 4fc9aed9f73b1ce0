/** Data that may have failed to load: the empty value of their type, marked with the reason. */

export type Loaded<T> = T & { readonly failure?: string };

/** Marks an empty value with why there is nothing in it. */
export function failed<T extends object>(empty: T, error: unknown): Loaded<T> {
  return Object.assign(empty, { failure: error instanceof Error ? error.message : String(error) });
}

/** Why data are not there: the first failure among a value and its own fields; null where all loaded. */
export function failureOf(data: unknown): string | null {
  if (typeof data !== "object" || data === null) return null;
  if ("failure" in data && typeof data.failure === "string") return data.failure;
  if (Array.isArray(data)) return null;
  for (const value of Object.values(data)) {
    if (typeof value === "object" && value !== null && "failure" in value && typeof value.failure === "string") {
      return value.failure;
    }
  }
  return null;
}

/** A JSON file of the site, or the empty value with the reason. */
export async function readJson<T extends object>(
  file: { name: string; json(): Promise<unknown> },
  empty: T,
): Promise<Loaded<T>> {
  try {
    return (await file.json()) as T;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return failed(empty, new Error(`the file “${file.name}” could not be loaded (${why})`));
  }
}

/** Rows of a table that came as columns of equal length. */
export function rowsOf<Row>(columns: { [Name in keyof Row]: Row[Name][] }): Row[] {
  const names = Object.keys(columns) as (keyof Row)[];
  const count = names.length ? columns[names[0]].length : 0;
  return Array.from(
    { length: count },
    (_, i) => Object.fromEntries(names.map((name) => [name, columns[name][i]])) as Row,
  );
}
