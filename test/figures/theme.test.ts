/** Contrast of every colour with its ground, in light and dark (WCAG 2.2: 4.5 for text, 3 for marks). */
import { describe, expect, it } from "vitest";
import { cellColor, darkTheme, keyColor, pageTheme, printTheme, type Role, themeCss } from "../../src/figures/theme.js";

function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((i) => {
    const c = Number.parseInt(hex.slice(i, i + 2), 16) / 255;
    return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

const GROUNDS: Role[] = ["background", "panel", "memorization", "formation", "cleanup"];
const TEXT: Role[] = ["ink", "muted", "train", "test", "accent", "alert", "excluded"];

describe.each([
  ["light", printTheme],
  ["dark", darkTheme],
])("%s", (_, theme) => {
  it.each(GROUNDS)("keeps text readable on %s", (ground) => {
    for (const role of TEXT) expect(contrast(theme[role], theme[ground]), role).toBeGreaterThanOrEqual(4.5);
  });

  it("keeps key frequencies readable on the page, as lines and as their names", () => {
    for (const color of theme.key) expect(contrast(color, theme.background), color).toBeGreaterThanOrEqual(4.5);
  });

  it.each([2, 7, 16])("keeps %i cells of a sweep visible on the page, each in a colour of its own", (n) => {
    const colors = Array.from({ length: n }, (_, i) => cellColor(i, n));
    for (const color of colors) expect(contrast(color, theme.background), color).toBeGreaterThanOrEqual(3);
    expect(new Set(colors).size).toBe(n);
  });

  it("keeps marks of other frequencies visible on the page", () => {
    expect(contrast(theme.other, theme.background)).toBeGreaterThanOrEqual(3);
  });
});

it("gives every colour of a page as a variable with a light and a dark value", () => {
  const css = themeCss();
  const { fontFamily, key, ...roles } = pageTheme;
  for (const color of [...Object.values(roles), ...key]) {
    const name = /^var\((--[\w-]+)\)$/.exec(color)?.[1];
    expect(css).toMatch(new RegExp(`${name}:light-dark\\(#\\w{6},#\\w{6}\\)`));
  }
  expect(fontFamily).toBe("var(--sans-serif)");
});

it("colours a frequency by its rank and leaves the others grey", () => {
  expect(keyColor(printTheme, [42, 7], 42)).toBe(printTheme.key[0]);
  expect(keyColor(printTheme, [42, 7], 7)).toBe(printTheme.key[1]);
  expect(keyColor(printTheme, [42, 7], 8)).toBe(printTheme.other);
});
