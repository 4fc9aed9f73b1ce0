/**
 * The lockfile holds the optional packages of every platform. A registry that lacks one makes npm leave it out in
 * silence, and then `npm ci` refuses the whole lockfile.
 */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";

interface Locked {
  optionalDependencies?: Record<string, string>;
}

const { packages } = JSON.parse(readFileSync(new URL("../../package-lock.json", import.meta.url), "utf8")) as {
  packages: Record<string, Locked>;
};

/** Where Node would look for a package that `from` names, outermost last. */
function* places(from: string, name: string) {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf("/node_modules/")))) {
    yield `${folder ? `${folder}/` : ""}node_modules/${name}`;
    if (folder === "" || !folder.includes("/node_modules/")) break;
  }
  yield `node_modules/${name}`;
}

it("locks every optional dependency", () => {
  const missing = Object.entries(packages).flatMap(([from, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter((name) => ![...places(from, name)].some((place) => place in packages)),
  );
  expect(Object.keys(packages).length).toBeGreaterThan(100);
  expect(missing).toEqual([]);
});
