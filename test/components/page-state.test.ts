/** Choices in the browser's history: what is one step back, and what is not. */
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { PageState } from "../../src/components/page-state.js";
import { integerWithin, oneOf } from "../../src/components/url-state.js";

/** As much of a browser's address and history as a page's state uses. */
function browser() {
  const entries = [""];
  let at = 0;
  const listeners: (() => void)[] = [];
  return {
    entries,
    location: {
      pathname: "/page",
      get search() {
        return entries[at];
      },
    },
    history: {
      pushState: (_: null, __: string, query: string) => {
        entries.splice(++at, Number.POSITIVE_INFINITY, query);
      },
      replaceState: (_: null, __: string, query: string) => {
        entries[at] = query === "/page" ? "" : query;
      },
    },
    addEventListener: (_: string, listener: () => void) => listeners.push(listener),
    back() {
      at--;
      for (const listener of listeners) listener();
    },
  };
}

let here: ReturnType<typeof browser>;
beforeEach(() => {
  here = browser();
  for (const name of ["location", "history", "addEventListener"] as const) vi.stubGlobal(name, here[name]);
});
afterEach(() => void vi.unstubAllGlobals());

const state = () =>
  new PageState<{ epoch: number; scale: "linear" | "log" }>({
    epoch: integerWithin(
      () => [0, 100],
      () => 50,
    ),
    scale: oneOf(["linear", "log"], "linear"),
  });

it("makes a scrub one step back, and another choice a step of its own", () => {
  const choices = state();
  for (const epoch of [51, 52, 53]) choices.set({ epoch });
  choices.set({ scale: "log" });
  expect(here.entries).toHaveLength(3);
  here.back();
  expect(choices.values).toEqual({ epoch: 53, scale: "linear" });
  here.back();
  expect(choices.values).toEqual({ epoch: 50, scale: "linear" });
});

it("keeps the step gone back to when the same choice is made again at once", () => {
  const choices = state();
  choices.set({ scale: "log" });
  here.back();
  choices.set({ scale: "log" });
  here.back();
  expect(choices.values.scale).toBe("linear");
  expect(here.entries[0]).toBe("");
});
