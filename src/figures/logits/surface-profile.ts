/** The mean of the surface over pairs of equal sum, or of equal difference: a panel of figure 19. */
import * as Plot from "@observablehq/plot";
import type { CorrectLogitSurfaceData, Profile } from "../../derivations/logits/correct-logit-surface.js";
import type { FigureOptions } from "../figure.js";
import { formatNumber, formatPercent } from "../format.js";
import { keyColor } from "../theme.js";
import { inOrder, orderFactor, scaled } from "./surface-order.js";

const PROFILE_MARGIN = { top: 48, bottom: 38 };

/** Small shares keep a digit: 0.0011 → "0.1 %". */
export const formatShare = (share: number) => formatPercent(share, share < 0.1 ? 1 : 0);

export interface ProfileContext {
  data: CorrectLogitSurfaceData;
  domain: [number, number];
  width: number;
  height: number;
  options: FigureOptions;
}

export function profilePanel(
  profile: Profile,
  coordinate: string,
  { data, domain, width, height, options }: ProfileContext,
) {
  const { document, theme, interactive } = options;
  const factor = orderFactor(profile, data.size, options);
  const points = inOrder(profile.means, factor).map((mean, i) => ({ i, mean }));
  const { frequency, frequencyShare, share } = profile;
  const color =
    data.ranked.includes(frequency) && frequencyShare > 0.2 ? keyColor(theme, data.ranked, frequency) : theme.ink;
  const title = { frameAnchor: "top-left", lineAnchor: "bottom", textAnchor: "start", dx: -42 } as const;
  return Plot.plot({
    document,
    width,
    height,
    marginTop: PROFILE_MARGIN.top,
    marginBottom: PROFILE_MARGIN.bottom,
    marginLeft: 44,
    marginRight: 6,
    style: { fontSize: "12px", fontFamily: "inherit", background: "none", overflow: "visible", color: theme.muted },
    x: {
      domain: [0, points.length - 1],
      label: scaled(factor, coordinate, data.size),
      labelAnchor: "center",
      labelArrow: "none",
      tickSize: 4,
      ticks: 5,
    },
    y: { domain, axis: null, nice: true },
    marks: [
      Plot.gridY({ stroke: theme.rule, strokeOpacity: 0.7, ticks: 3 }),
      Plot.axisY({ label: null, tickSize: 0, ticks: 3, fill: theme.muted }),
      Plot.text([`Mean at equal ${coordinate}`], { ...title, dy: -28, fontSize: 13, fontWeight: 600, fill: theme.ink }),
      Plot.text(
        [`${formatShare(share)} of the variance${frequencyShare > 0.2 ? `, the most by k = ${frequency}` : ""}`],
        { ...title, dy: -11, fill: theme.muted },
      ),
      Plot.ruleY([data.mean], { stroke: theme.muted, strokeDasharray: "2 3" }),
      Plot.line(points, { x: "i", y: "mean", stroke: color, strokeWidth: 1.5, strokeLinejoin: "round" }),
      interactive
        ? Plot.tip(
            points,
            Plot.pointerX({
              x: "i",
              y: "mean",
              fill: theme.background,
              stroke: theme.rule,
              fontFamily: "inherit",
              title: (d: { i: number; mean: number }) =>
                `${scaled(factor, coordinate, data.size)} = ${d.i}\nmean logit ${formatNumber(d.mean, 4)}`,
            }),
          )
        : [],
    ],
  }) as SVGSVGElement;
}
