/** The Lorenz curve of a spectrum: the Gini coefficient is twice the area between it and the diagonal. */
import * as Plot from "@observablehq/plot";
import type { FigureOptions } from "../figure.js";
import { formatNumber, formatPercent } from "../format.js";

export interface LorenzLine {
  name: string;
  norms: ArrayLike<number>;
  gini: number;
  color: string;
  dash?: string;
}

const MARGIN = { top: 46, right: 20, bottom: 40, left: 50 };

/** Corners of the Lorenz curve: the share of the components, smallest first, and what share of the sum they hold. */
export function lorenzCurve(norms: ArrayLike<number>): { components: number; held: number }[] {
  const ascending = Float64Array.from(norms).sort();
  const total = ascending.reduce((sum, norm) => sum + norm, 0) || 1;
  const curve = [{ components: 0, held: 0 }];
  let held = 0;
  ascending.forEach((norm, i) => {
    held += norm;
    curve.push({ components: (i + 1) / ascending.length, held: held / total });
  });
  return curve;
}

/** Draws the curves in a panel of the given height. */
export function lorenzPanel(lines: readonly LorenzLine[], height: number, options: FigureOptions): SVGSVGElement {
  const { document, theme, width } = options;
  const percent = (value: number) => formatPercent(value, 0);
  return Plot.plot({
    document,
    width,
    height,
    marginTop: MARGIN.top,
    marginRight: MARGIN.right,
    marginBottom: MARGIN.bottom,
    marginLeft: MARGIN.left,
    style: { fontSize: "12px", fontFamily: "inherit", background: "none", overflow: "visible", color: theme.muted },
    x: {
      domain: [0, 1],
      label: "frequencies, weakest first",
      labelAnchor: "center",
      labelArrow: "none",
      ticks: [0, 0.5, 1],
      tickFormat: percent,
      tickSize: 4,
    },
    y: { domain: [0, 1], axis: null },
    marks: [
      Plot.gridY([0, 0.5, 1], { stroke: theme.rule, strokeOpacity: 0.7 }),
      Plot.axisY([0, 0.5, 1], { label: null, tickSize: 0, tickFormat: percent, fill: theme.muted }),
      Plot.text(["share of the sum of norms they hold"], {
        frameAnchor: "top-left",
        textAnchor: "start",
        lineAnchor: "bottom",
        dx: -MARGIN.left + 2,
        dy: -29,
        fill: theme.ink,
        fontWeight: 600,
      }),
      Plot.line(
        [
          [0, 0],
          [1, 1],
        ],
        { stroke: theme.other, strokeDasharray: "2 3" },
      ),
      Plot.text(["all equal: Gini 0"], {
        x: [0.5],
        y: [0.5],
        rotate: (-180 / Math.PI) * Math.atan2(height - MARGIN.top - MARGIN.bottom, width - MARGIN.left - MARGIN.right),
        lineAnchor: "bottom",
        dx: -3,
        dy: -3,
        fill: theme.muted,
      }),
      lines.map(({ norms, color, dash }) =>
        Plot.line(lorenzCurve(norms), {
          x: "components",
          y: "held",
          stroke: color,
          strokeWidth: 1.75,
          strokeDasharray: dash,
        }),
      ),
      lines.map(({ name, gini, color }, i) =>
        Plot.text([`${name}: Gini ${formatNumber(gini, 2)}`], {
          frameAnchor: "top-left",
          textAnchor: "start",
          dx: 10,
          dy: 14 + 17 * i,
          fill: color,
          fontWeight: 600,
          stroke: theme.background,
          strokeWidth: 3,
          paintOrder: "stroke",
        }),
      ),
    ],
  }) as SVGSVGElement;
}
