/** Where runs lie, in this repository. */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** The committed reference runs. */
export const REFERENCE_STORE = join(root, "runs");
/** Runs of one's own; not under version control. */
export const OWN_STORE = join(root, "results");
/** What `grok analyze` writes; not under version control. */
export const ANALYSES = join(root, "analysis");
/** What `grok figures` writes; not under version control. */
export const FIGURES = join(root, "figures");

/**
 * The folder of the run that is meant by `name`: a path to a run's folder, or a key in one of the stores.
 *
 * @returns null where there is none
 */
export function findRunFolder(name: string, stores: readonly string[] = [REFERENCE_STORE, OWN_STORE]): string | null {
  const asPath = resolve(name);
  if (existsSync(join(asPath, "run.json"))) return asPath;
  return stores.map((store) => join(store, name)).find((folder) => existsSync(folder)) ?? null;
}
