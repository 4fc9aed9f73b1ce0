import { describe, expect, it } from "vitest";
import { logTicks } from "../../src/figures/epoch-panel.js";
import {
  formatEpoch,
  formatList,
  formatLogTick,
  formatLoss,
  formatNumber,
  formatPercent,
} from "../../src/figures/format.js";

const plain = (text: string) => text.replaceAll("\u00a0", " ");

describe("numbers", () => {
  it("writes epochs with a comma", () => {
    expect(formatEpoch(8350)).toBe("8,350");
  });

  it.each([
    [2.41e-7, "2.4 × 10⁻⁷"],
    [0.0342, "0.034"],
    [5.273, "5.27"],
    [0, "0"],
    [9.96e-5, "1.0 × 10⁻⁴"],
    [Number.NaN, "not a number"],
    [Number.POSITIVE_INFINITY, "infinite"],
  ])("writes the loss %s as %s", (value, text) => {
    expect(plain(formatLoss(value))).toBe(text);
  });

  it("never rounds an imperfect share up to 100 %", () => {
    expect(plain(formatPercent(0.99999))).toBe("99.9 %");
    expect(plain(formatPercent(1))).toBe("100 %");
    expect(plain(formatPercent(0.953))).toBe("95.3 %");
    expect(plain(formatPercent(0))).toBe("0 %");
  });

  it("uses a real minus sign", () => {
    expect(formatNumber(-0.0731)).toBe("−0.0731");
  });

  it("writes ticks of a log axis", () => {
    expect([1e-7, 0.1, 1, 10, 1000, 0.5].map(formatLogTick)).toEqual(["10⁻⁷", "0.1", "1", "10", "10³", "0.5"]);
  });

  it("joins lists", () => {
    expect([formatList([]), formatList([14]), formatList([14, 35, 41])]).toEqual(["", "14", "14, 35 and 41"]);
  });
});

describe("ticks of a log axis", () => {
  it("are decades, thinned where there are many", () => {
    expect(logTicks([1e-7, 20], 4)).toEqual([1e-6, 1e-3, 1]);
  });

  it("are 1, 2 and 5 where there is hardly one decade", () => {
    expect(logTicks([0.6, 8], 4)).toEqual([1, 2, 5]);
  });
});
