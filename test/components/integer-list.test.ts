import { describe, expect, it } from "vitest";
import { integerList, readQuery } from "../../src/components/url-state.js";

const parameters = { neurons: integerList(() => [0, 511], { most: 3 }) };
const reading = (text: string) => readQuery(parameters, `?neurons=${encodeURIComponent(text)}`);

describe("a list of whole numbers in the address", () => {
  it("is kept in one form, each number once", () => {
    expect(reading("3, 77 3,210").values.neurons).toBe("3,77,210");
    expect(reading("").values.neurons).toBe("");
    expect(readQuery(parameters, "").values.neurons).toBe("");
  });

  it.each(["512", "-1", "1.5", "x", "1,2,3,4"])("falls back for %s and says what is allowed", (text) => {
    const { values, notices } = reading(text);
    expect(values.neurons).toBe("");
    expect(notices.join()).toContain("up to 3 whole numbers from 0 to 511");
  });
});
