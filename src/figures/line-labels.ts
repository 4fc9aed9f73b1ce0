/** Names at the ends of lines and values at the shared epoch, kept from covering each other. */
import * as Plot from "@observablehq/plot";
import type { Theme } from "./theme.js";

/** One line of a chart, to be labelled directly. */
export interface LabelPoint {
  x: number;
  y: number;
  text: string;
  color: string;
}

/**
 * Moves vertical positions apart until neighbours keep a distance, staying between two bounds.
 *
 * @param wanted pixels from the top
 * @returns pixels in the order of `wanted`
 */
export function spread(wanted: readonly number[], distance: number, top: number, bottom: number): number[] {
  const order = wanted
    .map((y, i) => ({ y: Math.min(bottom, Math.max(top, y)), i }))
    .sort((a, b) => wanted[a.i] - wanted[b.i]);
  for (let pass = 0; pass < 60; pass++) {
    let moved = false;
    for (let i = 1; i < order.length; i++) {
      const overlap = distance - (order[i].y - order[i - 1].y);
      if (overlap > 0.1) {
        order[i - 1].y = Math.max(top, order[i - 1].y - overlap / 2);
        order[i].y = Math.min(bottom, order[i].y + overlap / 2);
        moved = true;
      }
    }
    if (!moved) break;
  }
  const placed = new Array<number>(wanted.length);
  for (const { y, i } of order) placed[i] = y;
  return placed;
}

/** Spreads the labels of a text mark over the height of the frame, in pixels, once the scales are known. */
function spreadY(options: Plot.TextOptions): Plot.TextOptions {
  const initialize: Plot.InitializerFunction = (data, facets, channels, scales, dimensions) => {
    const y = scales.y as unknown as (value: number) => number;
    const wanted = Array.from((channels.y?.value ?? []) as unknown as ArrayLike<number>, (value) => y(value));
    const { marginTop, marginBottom, height } = dimensions;
    const placed = spread(wanted, 14, marginTop + 5, height - marginBottom - 4);
    return { data, facets, channels: { y: { value: placed } } };
  };
  return Plot.initializer(options as Parameters<typeof Plot.initializer>[0], initialize) as Plot.TextOptions;
}

const halo = (theme: Theme) => ({ stroke: theme.background, strokeWidth: 3, paintOrder: "stroke" }) as const;
/** Wide enough to cover a line that runs behind the digits. */
const WIDE_HALO = 6;

/** Names of lines in the right margin, each beside its end. */
export function endLabels(points: readonly LabelPoint[], theme: Theme): Plot.Markish {
  return Plot.text(
    points as LabelPoint[],
    spreadY({
      y: "y",
      frameAnchor: "right",
      text: "text",
      fill: "color",
      textAnchor: "start",
      dx: 8,
      fontWeight: 500,
      ...halo(theme),
    }),
  );
}

/**
 * Dots on the lines at the shared epoch with their values beside the rule.
 *
 * @param leftward writes the values to the left of the rule: for an epoch near the right edge
 */
export function valueLabels(points: readonly LabelPoint[], theme: Theme, leftward: boolean): Plot.Markish[] {
  return [
    Plot.dot(points as LabelPoint[], {
      x: "x",
      y: "y",
      r: 3,
      fill: "color",
      stroke: theme.background,
      strokeWidth: 1,
    }),
    Plot.text(
      points as LabelPoint[],
      spreadY({
        x: "x",
        y: "y",
        text: "text",
        fill: "color",
        textAnchor: leftward ? "end" : "start",
        dx: leftward ? -7 : 7,
        fontWeight: 600,
        ...halo(theme),
        strokeWidth: WIDE_HALO,
      }),
    ),
  ];
}
