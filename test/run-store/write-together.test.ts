/** Files that belong together: in one step where the folder is new or empty, else replaced one after the other. */
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, test, vi } from "vitest";
import { writeTogether } from "../../data-loaders/run-store/write-together.js";

const root = mkdtempSync(join(tmpdir(), "grok-together-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
afterEach(() => vi.unstubAllEnvs());

const files = new Map([
  ["a.arrow", Buffer.from("first")],
  ["b.arrow", Buffer.from("second")],
]);

let folders = 0;
/** A folder of its own for each test, and the name of one in it. */
function place(name = "out"): { around: string; out: string } {
  const around = join(root, `around-${++folders}`);
  mkdirSync(around);
  return { around, out: join(around, name) };
}
const contents = (folder: string) =>
  readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), "utf8")]);
const written = [...files].map(([name, bytes]) => [name, String(bytes)]);

describe("files that belong together", () => {
  test("appear in one step in a new folder and in an empty one", () => {
    const { around, out } = place();
    writeTogether(join(out, "new"), files);
    expect(contents(join(out, "new"))).toEqual(written);
    const empty = join(around, "empty");
    mkdirSync(empty);
    const { ino } = statSync(empty);
    writeTogether(empty, files);
    expect(contents(empty)).toEqual(written);
    expect(statSync(empty).ino).not.toBe(ino);
    expect(readdirSync(around).sort()).toEqual(["empty", "out"]);
  });

  test("appear in an empty folder that a link leads to, and beside others", () => {
    const { around, out } = place("link");
    mkdirSync(join(around, "target"));
    symlinkSync(join(around, "target"), out);
    writeTogether(out, files);
    writeFileSync(join(out, "a.arrow"), "old");
    writeFileSync(join(out, "own.txt"), "mine");
    writeTogether(out, files);
    expect(contents(join(around, "target"))).toEqual([...written, ["own.txt", "mine"]]);
    expect(readdirSync(around).sort()).toEqual(["link", "target"]);
  });

  test.each([
    ["new", "ENOSPC"],
    ["empty", "EDQUOT"],
    ["old", "EIO"],
  ])("leave nothing where the disk refuses: %s folder", (what, code) => {
    const { around, out } = place();
    if (what !== "new") mkdirSync(out);
    if (what === "old") writeFileSync(join(out, "a.arrow"), "old");
    vi.stubEnv("GROK_FAULT", `run:written,2,${code}`);
    expect(() => writeTogether(out, files)).toThrow(new RegExp(`^cannot write ${out}: .* \\(${code}\\)$`));
    if (what === "new") expect(readdirSync(around)).toEqual([]);
    else expect(contents(out)).toEqual(what === "old" ? [["a.arrow", "old"]] : []);
    expect(readdirSync(around)).toHaveLength(what === "new" ? 0 : 1);
  });

  test("among others, those before a refusal are new", () => {
    const { out } = place();
    mkdirSync(join(out, "b.arrow"), { recursive: true });
    writeFileSync(join(out, "a.arrow"), "old");
    expect(() => writeTogether(out, files)).toThrow(`cannot write ${out}`);
    expect(readdirSync(out)).toEqual(["a.arrow", "b.arrow"]);
    expect(readFileSync(join(out, "a.arrow"), "utf8")).toBe("first");
  });
});
