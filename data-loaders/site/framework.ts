/** Runs Observable Framework from what is installed, without a call to the outside. */
import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, join } from "node:path";
import { type Lock, takeLock } from "../run-store/lock.js";
import { siteStore } from "../tables/stored-runs.js";

const CACHE = "src/.observablehq/cache";

/**
 * What Framework's standard library names but this site never loads. Framework asks a registry for the newest version
 * of each; a folder of its name in the cache answers instead.
 */
const UNUSED_LIBRARIES = [
  ...["@duckdb/duckdb-wasm@1.29.0", "@observablehq/plot@0.6.17", "@observablehq/sample-datasets@1.0.1"],
  ...["@uwdata/vgplot@0.0.0", "@viz-js/viz@0.0.0", "apache-arrow@17.0.0", "arquero@0.0.0", "d3@7.9.0", "d3-dsv@3.0.1"],
  ...["echarts@0.0.0", "exceljs@0.0.0", "htl@0.3.1", "jszip@3.0.0", "katex@0.16.0", "leaflet@1.9.0", "lodash@4.17.0"],
  ...["mapbox-gl@0.0.0", "mermaid@0.0.0", "parquet-wasm@0.6.1", "react@18.0.0", "react-dom@18.0.0", "sql.js@1.8.0"],
  ...["topojson-client@3.1.0", "vega@5.0.0", "vega-lite@5.0.0", "vega-lite-api@5.0.0"],
];

/**
 * One build at a time: two would take files from one another's cache half-written.
 *
 * @throws LockedError where another process builds
 */
export function lockCache(): Lock {
  mkdirSync(CACHE, { recursive: true });
  return takeLock(join(CACHE, "_build.lock"), "the site is being built");
}

/** Readies Framework's cache: answers for look-ups, and no data from before the runs or their loaders changed. */
export function prepareCache() {
  for (const name of UNUSED_LIBRARIES) mkdirSync(join(CACHE, "_npm", name), { recursive: true });
  const stamp = join(CACHE, "made-from");
  const now = fingerprint();
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === now) return;
  // Framework's own entries (_npm, _node, …) start with an underscore; the others are what data loaders made.
  for (const name of readdirSync(CACHE)) {
    if (!name.startsWith("_")) rmSync(join(CACHE, name), { recursive: true, force: true });
  }
  writeFileSync(stamp, now);
}

/** A hash of all that the data loaders read: stored runs (by the checksums in run.json) and the modules behind them. */
export function fingerprint(store = siteStore()): string {
  const hash = createHash("sha256");
  const add = (path: string) => hash.update(path).update(readFileSync(path));
  if (existsSync(store)) {
    for (const name of readdirSync(store).sort()) {
      const record = join(store, name, "run.json");
      if (existsSync(record)) add(record);
    }
  }
  const rooms = ["model", "training", "analysis", "derivations", "figures", "data", "checkpoints"];
  for (const folder of ["data-loaders", "docs", ...rooms.map((room) => `src/${room}`)]) {
    for (const path of filesUnder(folder)) add(path);
  }
  add("package-lock.json");
  return hash.digest("hex");
}

function filesUnder(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const path = join(folder, name);
      return statSync(path).isDirectory() ? filesUnder(path) : [path];
    });
}

/** Starts one of Framework's commands; its output comes through pipes. */
export function startFramework(mode: "preview" | "build", args: string[] = []): ChildProcess {
  const bin = createRequire(import.meta.url).resolve("@observablehq/framework/package.json");
  const script = join(bin, "..", "dist", "bin", "observable.js");
  return spawn(process.execPath, [script, mode, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...process.env,
      // Data loaders are run by the `tsx` on the path.
      PATH: [join(process.cwd(), "node_modules", ".bin"), process.env.PATH].join(delimiter),
      OBSERVABLE_TELEMETRY_DISABLE: "1",
      GROK_SITE: mode,
    },
  });
}
