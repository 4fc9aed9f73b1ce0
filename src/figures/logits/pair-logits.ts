/** All logits of one pair, in full and kept: a panel of figure 18. */
import * as Plot from "@observablehq/plot";
import type { FullAndRestrictedData } from "../../derivations/logits/full-and-restricted.js";
import type { FigureOptions } from "../figure.js";
import { formatNumber } from "../format.js";

export const PAIR_LOGITS_HEIGHT = 196;

export function pairLogits(
  { pair }: FullAndRestrictedData,
  kept: string,
  width: number,
  { document, theme, interactive }: FigureOptions,
): SVGSVGElement {
  const points = Array.from(pair.full, (full, c) => ({ c, full, kept: pair.kept[c] }));
  const answer = points[pair.answer];
  const halo = { stroke: theme.background, strokeWidth: 3, paintOrder: "stroke" } as const;
  return Plot.plot({
    document,
    width,
    height: PAIR_LOGITS_HEIGHT,
    marginTop: 44,
    marginBottom: 38,
    marginLeft: 44,
    marginRight: 8,
    style: { fontSize: "12px", fontFamily: "inherit", background: "none", overflow: "visible", color: theme.muted },
    x: {
      domain: [0, points.length - 1],
      label: "answer c",
      labelAnchor: "center",
      labelArrow: "none",
      tickSize: 4,
      ticks: width < 420 ? 5 : 10,
    },
    y: { axis: null, nice: true, zero: true },
    marks: [
      Plot.gridY({ stroke: theme.rule, strokeOpacity: 0.7, ticks: 4 }),
      Plot.axisY({ label: null, tickSize: 0, ticks: 4, fill: theme.muted }),
      Plot.text([`Logits of one pair, a = ${pair.a}, b = ${pair.b}`], {
        frameAnchor: "top-left",
        lineAnchor: "bottom",
        textAnchor: "start",
        dx: -42,
        dy: -28,
        fontSize: 13,
        fontWeight: 600,
        fill: theme.ink,
      }),
      Plot.text(
        [
          width < 420
            ? `grey: full model · line: what is kept`
            : `grey: full model · line: ${kept} · dotted: the right answer`,
        ],
        {
          frameAnchor: "top-left",
          lineAnchor: "bottom",
          textAnchor: "start",
          dx: -42,
          dy: -11,
          fill: theme.muted,
        },
      ),
      Plot.ruleX([pair.answer], { stroke: theme.muted, strokeDasharray: "2 3" }),
      Plot.dot(points, { x: "c", y: "full", r: 2.4, fill: theme.other }),
      Plot.line(points, { x: "c", y: "kept", stroke: theme.accent, strokeWidth: 1.5, strokeLinejoin: "round" }),
      Plot.dot([answer], { x: "c", y: "kept", r: 3.5, fill: theme.accent, stroke: theme.background }),
      Plot.text([answer], {
        x: "c",
        y: "kept",
        text: (d) => `c = ${d.c}`,
        textAnchor: pair.answer > points.length * 0.85 ? "end" : "start",
        dx: pair.answer > points.length * 0.85 ? -8 : 8,
        fill: theme.ink,
        fontWeight: 600,
        ...halo,
      }),
      interactive
        ? Plot.tip(
            points,
            Plot.pointerX({
              x: "c",
              y: "kept",
              fill: theme.background,
              stroke: theme.rule,
              fontFamily: "inherit",
              title: (d: (typeof points)[number]) =>
                `c = ${d.c}${d.c === pair.answer ? ", the right answer" : ""}\nfull ${formatNumber(d.full, 4)}\nkept ${formatNumber(d.kept, 4)}`,
            }),
          )
        : [],
    ],
  }) as SVGSVGElement;
}
