/** The plane of one frequency with the tokens in it. */
import * as Plot from "@observablehq/plot";
import type { TokenCircle } from "../../derivations/embeddings/embedding-circles.js";
import type { FigureOptions } from "../figure.js";
import { formatNumber, formatPercent } from "../format.js";

export const RING_TITLE_HEIGHT = 44;
/** Tokens whose number is written, spaced evenly around the circle. */
const NAMED_TOKENS = 8;

export interface RingStyle {
  side: number;
  /** Half the width of the plane that is shown, in units of the embedding; the same for all panels. */
  extent: number;
  color: string;
  random: boolean;
  asked: boolean;
}

/** Tokens on the cosine and sine of one frequency, joined in the order of the circle. */
export function ring(
  circle: TokenCircle,
  /** Tokens in the order of their group. */
  residues: ArrayLike<number>,
  { side, extent, color, random, asked }: RingStyle,
  { document, theme, interactive }: FigureOptions,
): SVGSVGElement {
  const { frequency: k, xy, waveShare, energyShare } = circle;
  const n = residues.length;
  const tokens = Array.from(residues, (token, t) => ({
    token,
    turn: (k * t) % n,
    x: xy[2 * t],
    y: xy[2 * t + 1],
  })).sort((u, v) => u.turn - v.turn);
  const step = Math.ceil(n / NAMED_TOKENS);
  const named = random ? [] : tokens.filter(({ turn }) => turn % step === 0);
  // Outside the ring, whichever side of it the token has landed on.
  const outward = named.map((d) => {
    const angle = Math.atan2(d.y, d.x);
    return { ...d, dx: 13 * Math.cos(angle), dy: -13 * Math.sin(angle) };
  });
  return Plot.plot({
    document,
    width: side,
    height: side + RING_TITLE_HEIGHT,
    margin: 1,
    marginTop: RING_TITLE_HEIGHT,
    style: { fontSize: "12px", fontFamily: "inherit", background: "none", overflow: "visible", color: theme.muted },
    x: { domain: [-extent, extent], axis: null },
    y: { domain: [-extent, extent], axis: null },
    marks: [
      Plot.frame({
        stroke: asked ? theme.ink : theme.rule,
        strokeDasharray: random ? "4 4" : undefined,
        strokeWidth: asked ? 1.5 : 1,
      }),
      Plot.ruleX([0], { stroke: theme.grid }),
      Plot.ruleY([0], { stroke: theme.grid }),
      Plot.line([...tokens, tokens[0]], { x: "x", y: "y", stroke: color, strokeWidth: 0.75, strokeOpacity: 0.55 }),
      Plot.dot(tokens, { x: "x", y: "y", r: 2.4, fill: color }),
      outward.map((d) =>
        Plot.text([d], {
          x: "x",
          y: "y",
          dx: d.dx,
          dy: d.dy,
          text: (t: { token: number }) => String(t.token),
          fill: theme.ink,
          fontSize: 11,
          stroke: theme.background,
          strokeWidth: 3,
        }),
      ),
      Plot.text([random ? `random weights, k = ${k}` : `k = ${k}`], {
        frameAnchor: "top-left",
        lineAnchor: "bottom",
        dy: -24,
        fill: color,
        fontSize: 13,
        fontWeight: 600,
      }),
      Plot.text(
        [`${formatPercent(waveShare)} is the wave${side > 210 ? `; ${formatPercent(energyShare)} of W_E` : ""}`],
        {
          frameAnchor: "top-left",
          lineAnchor: "bottom",
          dy: -8,
          fill: theme.muted,
        },
      ),
      scaleBar(extent, theme),
      Plot.text(["cos →"], { frameAnchor: "bottom-right", dx: -6, dy: -6, fill: theme.muted, fontSize: 11 }),
      Plot.text(["sin ↑"], { frameAnchor: "top-left", dx: 6, dy: 7, fill: theme.muted, fontSize: 11 }),
      interactive
        ? Plot.tip(
            tokens,
            Plot.pointer({
              x: "x",
              y: "y",
              fill: theme.background,
              stroke: theme.rule,
              title: (d: (typeof tokens)[number]) =>
                `token ${d.token}\nposition ${d.turn} of ${n} around the circle\ncos ${formatNumber(d.x, 3)}, sin ${formatNumber(d.y, 3)}`,
            }),
          )
        : [],
    ],
  }) as SVGSVGElement;
}

/** How long half a unit of the embedding is, or what fits: every axis of these planes is in those units. */
function scaleBar(extent: number, theme: FigureOptions["theme"]): Plot.Markish[] {
  const length = [0.5, 0.2, 0.1, 0.05].find((size) => size < 0.6 * extent) ?? 0.02;
  const [from, y] = [-0.94 * extent, -0.88 * extent];
  return [
    Plot.link([{ from }], { x1: "from", x2: from + length, y1: y, y2: y, stroke: theme.muted, strokeWidth: 1.5 }),
    Plot.text([String(length)], { x: from + length / 2, y, dy: -8, fill: theme.muted, fontSize: 11 }),
  ];
}

/** What the random plane says, in a place that is left beside it. */
export function caveat({ waveShare }: TokenCircle, side: number, { document, theme }: FigureOptions): SVGSVGElement {
  const words =
    `A plane that is picked to contain a wave has some of it even in random weights: there, ${formatPercent(waveShare, 0)} of ` +
    "what is seen is the wave, without making a ring. In a circle that was learnt it is nearly all.";
  return Plot.plot({
    document,
    width: side,
    height: side,
    margin: 0,
    style: { fontSize: "12px", fontFamily: "inherit", background: "none", color: theme.muted },
    axis: null,
    marks: [
      Plot.text([words], {
        frameAnchor: "top-left",
        lineWidth: side / 13,
        lineHeight: 1.4,
        fill: theme.muted,
        fontStyle: "italic",
      }),
    ],
  }) as SVGSVGElement;
}
