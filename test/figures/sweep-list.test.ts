/** The list of the sweeps' figures against the pages, which name their figures themselves. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { SWEEPS } from "../../data-loaders/experiments/sweeps.js";
import { SWEEP_FIGURES } from "../../src/figures/sweeps/all.js";
import * as compared from "../../src/figures/sweeps/compared-quantities.js";
import * as plain from "../../src/figures/sweeps/quantities.js";

const QUANTITIES: Record<string, unknown> = { ...plain, ...compared };

it("has every sweep, in the order of the pages", () => {
  expect([...SWEEP_FIGURES.keys()].sort()).toEqual(SWEEPS.map(({ name }) => name).sort());
});

describe.each([...SWEEP_FIGURES])("%s", (name, { page, quantity, figures }) => {
  const text = readFileSync(new URL(`../../src${page}.md`, import.meta.url), "utf8");

  it("has its page's figures under its page's numbers", () => {
    const onPage = [...text.matchAll(/page\.figure\((\w+)\(sweep, (\d+)\)\)/g)].map(([, made, number]) => ({
      made,
      number: Number(number),
    }));
    expect(onPage).toEqual(figures.map(({ name: made }, i) => ({ made, number: i + 1 })));
  });

  it("has its page's quantity", () => {
    const [, used] = /openSweepPage\(.*, "[\w-]+", (\w+)\)/.exec(text) ?? [];
    expect(QUANTITIES[used], name).toBe(quantity);
  });
});
