/**
 * The colours of the site, each by its role, in light and dark. This is the one place that names them: the pages'
 * stylesheet reads them as CSS variables, figures as a `Theme`.
 */

import { hcl } from "d3";

type Pair = readonly [light: string, dark: string];

const roles = {
  background: ["#fdfcf9", "#15171a"],
  panel: ["#f5f3ed", "#1d2024"],
  ink: ["#1c1c1a", "#e9e7e2"],
  muted: ["#5e5c57", "#a9a69f"],
  rule: ["#d8d4cb", "#3b3e43"],
  grid: ["#ebe8e1", "#272a2e"],
  accent: ["#1d5a9e", "#86b8f0"],
  alert: ["#a3341c", "#f0947c"],
  train: ["#1f62b5", "#6aa5ee"],
  test: ["#a94700", "#f0924c"],
  excluded: ["#7b3c93", "#c192e0"],
  other: ["#8c8982", "#807d77"],
  memorization: ["#f8f1e2", "#262218"],
  formation: ["#ebf3e8", "#1b251d"],
  cleanup: ["#eeecf6", "#211f30"],
} as const satisfies Record<string, Pair>;

/** Okabe–Ito (colour-blind safe), darkened on paper so that every line keeps a contrast of 3, in order of rank. */
const keyPairs: readonly Pair[] = [
  ["#00795a", "#19b48a"],
  ["#a8487f", "#e08fbb"],
  ["#1c73a5", "#6fc3f2"],
  ["#bb4008", "#f2803f"],
  ["#7c6d00", "#e6da3a"],
  ["#0a529c", "#5b9fe0"],
  ["#9a6200", "#eab03c"],
  ["#5b5b58", "#bdbab3"],
];

export type Role = keyof typeof roles;

export interface Theme extends Record<Role, string> {
  /** Colours of key frequencies by rank of energy in the final model; see `keyColor`. */
  key: readonly string[];
  fontFamily: string;
}

const names = Object.keys(roles) as Role[];
const themeOf = (pick: (name: string, pair: Pair) => string, fontFamily: string): Theme => ({
  ...(Object.fromEntries(names.map((name) => [name, pick(name, roles[name])])) as Record<Role, string>),
  key: keyPairs.map((pair, i) => pick(`key-${i + 1}`, pair)),
  fontFamily,
});

/** For pages: every colour a CSS variable, so that a figure follows light and dark without being drawn again. */
export const pageTheme = themeOf((name) => `var(--${name})`, "var(--sans-serif)");

/** For files: plain colours on paper, since an SVG that leaves the page leaves its stylesheet behind. */
export const printTheme = themeOf((_, [light]) => light, "Inter, Helvetica, Arial, sans-serif");

/** Plain colours for a dark ground. */
export const darkTheme = themeOf((_, [, dark]) => dark, "Inter, Helvetica, Arial, sans-serif");

/** The same figure in grey ink, for null twins; dashes keep train and test apart. */
export function twinTheme(theme: Theme): Theme {
  const grey = theme.muted;
  return { ...theme, train: grey, test: grey, accent: grey, excluded: grey, key: theme.key.map(() => grey) };
}

/** Declarations of all colours as CSS variables, for the head of every page. */
export function themeCss(): string {
  const pairs: [string, Pair][] = [...names.map((name): [string, Pair] => [name, roles[name]])];
  keyPairs.forEach((pair, i) => {
    pairs.push([`key-${i + 1}`, pair]);
  });
  return `:root{color-scheme:light dark;${pairs.map(([name, [a, b]]) => `--${name}:light-dark(${a},${b})`).join(";")}}`;
}

/**
 * Colour of a frequency: the same on every page for one run.
 *
 * @param ranked the run's key frequencies by energy in the final model, largest first
 */
export function keyColor(theme: Theme, ranked: readonly number[], frequency: number): string {
  const rank = ranked.indexOf(frequency);
  return rank < 0 ? theme.other : theme.key[Math.min(rank, theme.key.length - 1)];
}

/**
 * Colour of the i-th of n cells of a sweep: a walk round the hues from blue over red to orange at one lightness, which keeps a
 * contrast of 3 on light and on dark ground.
 */
export function cellColor(i: number, n: number): string {
  const share = n > 1 ? i / (n - 1) : 0;
  return hcl(255 + 165 * share, 52, 55).formatHex();
}

/** Dash patterns beside the colours, so that colour is never the only sign. */
export const DASHES = { train: undefined, test: "5 3" } as const;
