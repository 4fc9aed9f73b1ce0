/** Runs that come from elsewhere: folders of runs, whole stores, and the parts that `grok collect` writes. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { RUN_FILES } from "../../src/training/run-record.js";
import { CommandError } from "../command-error.js";
import { isFolder, type StoredRun } from "../run-store/store.js";
import { onDisk } from "../run-store/store-error.js";
import { verifyRun } from "../runner/verify-run.js";
import { openParts, type PartName, parsePartName } from "./result-parts.js";

export interface IncomingRun {
  run: StoredRun;
  /** How it is named in messages: its folder, or its archive and its key. */
  source: string;
}

const BAD_INPUT = 2;
const FILE_NAMES: readonly string[] = ["run.json", ...RUN_FILES];

/** The parts that are given of one archive. */
interface Archive {
  name: PartName;
  /** Paths by the part's number. */
  paths: Map<number, string>;
}

/** All runs in some folders and files, each verified, and a temporary folder where archives were unpacked. */
export class IncomingRuns {
  readonly runs: IncomingRun[] = [];
  readonly #temporary: string[] = [];

  /**
   * @param paths folders of runs, folders that hold such folders or parts, or parts
   * @throws CommandError (exit 2) in one line: a path that is not there, a folder without runs, a file that is no part,
   *   a part that is missing, and whatever is broken
   */
  constructor(paths: readonly string[]) {
    const archives = new Map<string, Archive>();
    try {
      for (const path of paths.map((each) => resolve(each))) this.#take(path, archives);
      for (const archive of archives.values()) this.#unpack(archive);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Removes what was unpacked. */
  close(): void {
    for (const folder of this.#temporary.splice(0)) rmSync(folder, { recursive: true, force: true });
  }

  #take(path: string, archives: Map<string, Archive>): void {
    if (!existsSync(path)) throw refusal(`${path}: no such file or folder`);
    if (!isFolder(path)) {
      takePart(path, archives);
      return;
    }
    const names = onDisk("read the folder", path, () => readdirSync(path)).filter((name) => !name.startsWith("."));
    if (names.length === 0) throw refusal(`${path}: holds no runs`);
    if (names.includes("run.json")) this.#verify(path, path);
    else this.#takeAll(path, names, archives);
  }

  #takeAll(path: string, names: string[], archives: Map<string, Archive>): void {
    for (const inside of names.sort().map((name) => join(path, name))) {
      if (isFolder(inside)) this.#verify(inside, inside);
      else takePart(inside, archives);
    }
  }

  #unpack({ name, paths }: Archive): void {
    const source = join(dirname([...paths.values()][0]), name.archive);
    const parts = Array.from({ length: name.of }, (_, i) => {
      const path = paths.get(i + 1);
      if (!path) throw refusal(`${source}: part ${i + 1} of ${name.of} is missing`);
      return onDisk("read", path, () => readFileSync(path));
    });
    const unpacked = mkdtempSync(join(tmpdir(), "grok-merge-"));
    this.#temporary.push(unpacked);
    const keys = new Set<string>();
    try {
      for (const { path, bytes } of openParts(name.digest, parts)) {
        const [key, file, ...more] = path.split("/");
        if (!/^[a-z][\w.-]*$/.test(key) || !FILE_NAMES.includes(file) || more.length > 0) {
          throw new Error(`${path} is not a file of a run`);
        }
        mkdirSync(join(unpacked, key), { recursive: true });
        writeFileSync(join(unpacked, key, file), bytes, { flag: "wx" });
        keys.add(key);
      }
    } catch (error) {
      throw refusal(`${source}: ${(error as Error).message}`);
    }
    for (const key of keys) this.#verify(join(unpacked, key), join(source, key));
  }

  #verify(folder: string, source: string): void {
    const { run, problems } = verifyRun(folder);
    if (!run || problems.length > 0) throw refusal(problems[0].replaceAll(folder, source));
    this.runs.push({ run, source });
  }
}

function takePart(path: string, archives: Map<string, Archive>): void {
  const name = parsePartName(basename(path));
  if (!name) throw refusal(`${path}: is neither a run's folder nor a part that grok collect has written`);
  const id = `${name.archive}-${name.of}`;
  const archive = archives.get(id) ?? { name, paths: new Map() };
  archives.set(id, archive);
  if (!archive.paths.has(name.part)) archive.paths.set(name.part, path);
}

const refusal = (problem: string) => new CommandError(`${problem}; nothing was merged`, BAD_INPUT);
