/** What the build adds to Framework's: math, fonts under any path, mended pages, faults that stop it. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { finishBuild, mendPage, warningsIn } from "../../data-loaders/site/finish-build.js";
import { fingerprint } from "../../data-loaders/site/framework.js";
import { rootFrom } from "../../data-loaders/site/head.js";
import { findMath, toMathMl } from "../../data-loaders/site/math.js";

describe("math", () => {
  it("finds formulas and leaves placeholders and prices alone", () => {
    expect(findMath("a $x^2$ b", 2)).toEqual({ tex: "x^2", display: false, end: 7 });
    expect(findMath("$$x$$", 0)).toEqual({ tex: "x", display: true, end: 5 });
    expect(findMath("$" + "{epoch} and $x$", 0)).toBeNull();
    expect(findMath("$5 and $6", 0)).toBeNull();
    expect(findMath("costs $5", 6)).toBeNull();
    expect(findMath("$\\$$", 0)).toEqual({ tex: "\\$", display: false, end: 4 });
  });

  it("gives MathML, and stops at TeX that it cannot read", () => {
    expect(toMathMl("w_k", false)).toMatch(/^<math>.*<msub>/s);
    expect(toMathMl("w_k", true)).toMatch(/tabindex="0".*<math.*display="block"/s);
    expect(() => toMathMl("\\frac{1", false)).toThrow();
  });

  it("draws overlines by a border, and refuses what Chromium would leave out", () => {
    const inner = '<mrow class="tml-overline"><mi>L</mi></mrow>';
    expect(toMathMl("\\overline{L}", false)).toContain(inner);
    expect(toMathMl("\\overline{\\overline{L}}", false)).toContain(`<mrow class="tml-overline">${inner}</mrow>`);
    expect(() => toMathMl("\\cancel{L}", false)).toThrow(/\\cancel\{L\} needs menclose/);
    const styles = readFileSync(new URL("../../src/styles/page.css", import.meta.url), "utf8");
    expect(styles).toMatch(/\.tml-overline \{[^}]*border-top: [^;]*solid/);
  });
});

it("finds the root from any page", () => {
  expect(["/index", "/fourier", "/sweeps/modulus"].map(rootFrom)).toEqual(["./", "./", "../"]);
});

describe("a built page", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "grok-site-"));
    mkdirSync(join(folder, "sweeps"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const page = (body: string) =>
    `<!DOCTYPE html>\n<html>\n<head>\n<meta name="viewport" content="width=device-width, initial-scale=1, maximum-scale=1">\n</head><body>${body}</body></html>`;

  it("is given its language and may be zoomed", () => {
    const mended = mendPage(page(""));
    expect(mended).toContain('<html lang="en">');
    expect(mended).toContain('content="width=device-width, initial-scale=1"');
  });

  it("stops the build where a cell does not compile or something is loaded from outside", () => {
    writeFileSync(join(folder, "index.html"), page("fine"));
    writeFileSync(
      join(folder, "sweeps", "a.html"),
      page('<div class="observablehq--inspect observablehq--error">SyntaxError: oh</div>'),
    );
    writeFileSync(join(folder, "b.html"), page('<script src="https://example.org/x.js"></script>'));
    const faults = finishBuild(folder).sort();
    expect(faults).toHaveLength(2);
    expect(faults[0]).toMatch(/b\.html: loads from outside/);
    expect(faults[1]).toMatch(/a\.html: a cell does not compile: SyntaxError: oh/);
    expect(readFileSync(join(folder, "index.html"), "utf8")).toContain('lang="en"');
  });

  it("stops the build at warnings, coloured or not", () => {
    const log = "load /index\n\u001b[33mWarning: \u001b[39m1 broken link\n\u001b[2m↳\u001b[22m /index → x\nfine";
    expect(warningsIn(log)).toEqual(["Warning: 1 broken link", "↳ /index → x"]);
  });
});

describe("the fingerprint of what data loaders read", () => {
  it("changes with a run's record, and with nothing else in the store", () => {
    const store = mkdtempSync(join(tmpdir(), "grok-store-"));
    const empty = fingerprint(store);
    writeFileSync(join(store, "note.txt"), "x");
    expect(fingerprint(store)).toBe(empty);
    mkdirSync(join(store, "run"));
    writeFileSync(join(store, "run", "run.json"), "{}");
    expect(fingerprint(store)).not.toBe(empty);
    rmSync(store, { recursive: true });
  });
});
