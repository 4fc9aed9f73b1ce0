import { describe, expect, it } from "vitest";
import { integerWithin, oneOf, type Parameters, readQuery, writeQuery } from "../../src/components/url-state.js";

type Choices = { run: string; epoch: number; scale: "linear" | "log" };

const LENGTHS: Record<string, number> = { short: 100, long: 40_000 };
const parameters: Parameters<Choices> = {
  run: oneOf(["long", "short"], "long"),
  epoch: integerWithin(
    ({ run }) => [0, LENGTHS[run as string]],
    ({ run }) => LENGTHS[run as string] / 2,
  ),
  scale: oneOf(["linear", "log"], "linear"),
};

describe("readQuery", () => {
  it("takes what the address names and the initial values for the rest", () => {
    const { values, chosen, notices } = readQuery(parameters, "?run=short&epoch=7");
    expect(values).toEqual({ run: "short", epoch: 7, scale: "linear" });
    expect([...chosen]).toEqual(["run", "epoch"]);
    expect(notices).toEqual([]);
  });

  it("lets initial values and bounds depend on earlier choices", () => {
    expect(readQuery(parameters, "?run=short").values.epoch).toBe(50);
    expect(readQuery(parameters, "").values.epoch).toBe(20_000);
  });

  it.each([
    ["run=nobody", "run: “nobody” is not here; allowed: long, short. Showing long."],
    ["run=short&epoch=101", "epoch: “101” is not here; allowed: a whole number from 0 to 100. Showing 50."],
    ["epoch=-3", "epoch: “-3” is not here; allowed: a whole number from 0 to 40000. Showing 20000."],
    ["epoch=1e3", "epoch: “1e3” is not here; allowed: a whole number from 0 to 40000. Showing 20000."],
    ["scale=", "scale: “” is not here; allowed: linear, log. Showing linear."],
  ])("falls back from ?%s and says so", (query, notice) => {
    const { values, chosen, notices } = readQuery(parameters, query);
    expect(notices).toEqual([notice]);
    expect(values.scale).toBe("linear");
    expect(chosen.has("scale")).toBe(false);
  });
});

describe("writeQuery", () => {
  it("gives back what was read, and keeps what it does not know", () => {
    const query = "?foreign=1&run=short&epoch=7&scale=log";
    const { values, chosen } = readQuery(parameters, query);
    expect(writeQuery(parameters, values, chosen, query)).toBe(query);
  });

  it("leaves out what is not chosen", () => {
    const { values } = readQuery(parameters, "?run=short");
    expect(writeQuery(parameters, values, new Set(), "?run=short")).toBe("");
    expect(writeQuery(parameters, values, new Set<keyof Choices>(["scale"]), "?run=short")).toBe("?scale=linear");
  });
});
