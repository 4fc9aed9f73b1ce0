/** Lines over epochs at the end of a close-up. */
import { describe, expect, it } from "vitest";
import { epochScale } from "../../src/figures/epoch-axis.js";
import { epochPanel, type PanelSpec } from "../../src/figures/epoch-panel.js";
import { printTheme } from "../../src/figures/theme.js";
import { serverDocument } from "./snapshot.js";

const points = [
  { epoch: 0, value: 1 },
  { epoch: 100, value: 10 },
  { epoch: 300, value: 1000 },
];
const scale = epochScale(points, "close-up", 200);

const options = () => ({ width: 960, theme: printTheme, document: serverDocument(), interactive: false });

/** Corners of the one line of a panel, in pixels. */
function corners(spec: Partial<PanelSpec>) {
  const line = { name: "line", color: "#000000", points };
  const svg = epochPanel({ lines: [line], scale, height: 100, label: "value", ...spec }, options());
  const path = svg.querySelector("g[aria-label=line] path")?.getAttribute("d") ?? "";
  return [...path.matchAll(/([\d.]+),([\d.]+)/g)].map(([, x, y]) => ({ x: Number(x), y: Number(y) }));
}

describe("a line that leaves a close-up", () => {
  it("goes on to the edge, half way up on a log axis", () => {
    const [, inside, edge] = corners({ y: { type: "log", domain: [1, 1000] } });
    // Epoch 200 lies half way between 10 and 1,000: at 100, which is two thirds of the axis.
    const [from, to] = [130, 30];
    expect(edge.y).toBeCloseTo(from + (2 / 3) * (to - from), 3);
    expect(edge.x).toBeGreaterThan(inside.x);
  });

  it("goes on to the edge, at the mean of its neighbours on a linear axis", () => {
    const [, , edge] = corners({ y: { domain: [0, 1010] } });
    expect(edge.y).toBeCloseTo(80, 3);
  });

  it("stops at its last point where the next has no value", () => {
    const line = { name: "line", color: "#000000", points: [...points.slice(0, 2), { epoch: 300, value: null }] };
    expect(corners({ lines: [line] })).toHaveLength(2);
  });
});
