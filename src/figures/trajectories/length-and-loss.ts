/** The same path in two coordinates that every run has, seeds over one another: the right part of figure 22. */
import * as Plot from "@observablehq/plot";
import { nearest } from "../epoch-axis.js";
import { logTicks } from "../epoch-panel.js";
import type { FigureOptions } from "../figure.js";
import { formatEpoch, formatLogTick, formatLoss, formatNumber } from "../format.js";
import { spread } from "../line-labels.js";

/** One run by its evaluations. */
export interface MeasuredPath {
  run: string;
  name: string;
  /** Whether it is the run that is looked at. */
  chosen: boolean;
  points: readonly { epoch: number; length: number; loss: number }[];
}

const MARGIN = { top: 54, right: 14, bottom: 40, left: 52 };

/** Pixels between names, and from the end of a line, with the ring around it, to its name. */
const APART = 15;
const BESIDE = 13;

/** By how many pixels each name is moved from the end of its line so that none covers another. */
function apart(
  paths: readonly MeasuredPath[],
  shift: number,
  [low, high]: readonly [number, number],
  height: number,
): [run: string, pixels: number][] {
  const inner = height - MARGIN.top - MARGIN.bottom;
  const ends = paths.map(({ points }) => {
    const { loss } = points[points.length - 1];
    return MARGIN.top + inner * (Math.log(high / loss) / Math.log(high / low));
  });
  const wanted = ends.map((y) => y + shift);
  const placed = spread(wanted, APART, MARGIN.top - 8, height - MARGIN.bottom - 6);
  return paths.map(({ run }, i) => [run, placed[i] - ends[i]]);
}

export function lengthAndLoss(
  paths: readonly MeasuredPath[],
  { width, height }: { width: number; height: number },
  options: FigureOptions,
): SVGSVGElement {
  const { theme, document, interactive } = options;
  const all = paths.flatMap(({ points }) => points);
  const losses = all.map(({ loss }) => loss);
  const domain: [number, number] = [Math.min(...losses) * 0.5, Math.max(...losses) * 2];
  const ticks = logTicks(domain, 6);
  const title = { frameAnchor: "top-left", lineAnchor: "bottom", textAnchor: "start", dx: -MARGIN.left + 2 } as const;
  const halo = { stroke: theme.background, strokeWidth: 3, paintOrder: "stroke" } as const;
  const chosen = paths.find((path) => path.chosen);
  const shown = chosen && options.epoch !== undefined ? nearest(chosen.points, options.epoch) : undefined;
  const ordered = [...paths].sort((a, b) => Number(a.chosen) - Number(b.chosen));
  const longest = Math.max(...all.map(({ length }) => length));
  const late = (points: MeasuredPath["points"]) => points[points.length - 1].length > 0.85 * longest;
  const shifts = new Map([
    ...apart(
      ordered.filter(({ points }) => late(points)),
      -10,
      domain,
      height,
    ),
    ...apart(
      ordered.filter(({ points }) => !late(points)),
      0,
      domain,
      height,
    ),
  ]);
  const words = (name: string) => (d: MeasuredPath["points"][number]) =>
    `${name}, epoch ${formatEpoch(d.epoch)}\nlength ${formatNumber(d.length)}, test loss ${formatLoss(d.loss)}`;
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
      nice: true,
      label: "length of the weight vector, √Σw²",
      labelAnchor: "center",
      labelArrow: "none",
      ticks: 5,
      tickSize: 4,
    },
    y: { type: "log", domain, axis: null },
    marks: [
      Plot.gridY(ticks, { stroke: theme.grid }),
      Plot.gridX({ stroke: theme.grid, ticks: 5 }),
      Plot.axisY(ticks, { label: null, tickSize: 0, tickFormat: formatLogTick, fill: theme.muted }),
      Plot.text(["Test loss against length, seeds over one another"], {
        ...title,
        dy: -29,
        fontSize: 13,
        fontWeight: 600,
        fill: theme.ink,
      }),
      Plot.text(["nats, log axis; every run has these two measures"], { ...title, dy: -12, fill: theme.muted }),
      ordered.map(({ run, chosen: isChosen, name, points }, i) => [
        Plot.line(points, {
          x: "length",
          y: "loss",
          stroke: isChosen ? theme.accent : theme.muted,
          strokeWidth: isChosen ? 2 : 1.25,
          strokeDasharray: isChosen ? undefined : ["6 3", "2 3", "8 3 2 3"][i % 3],
          strokeLinejoin: "round",
        }),
        Plot.dot(points.slice(-1), {
          x: "length",
          y: "loss",
          r: 3,
          fill: isChosen ? theme.accent : theme.muted,
          title: words(name),
        }),
        Plot.text(points.slice(-1), {
          x: "length",
          y: "loss",
          text: () => name,
          textAnchor: late(points) ? "end" : "start",
          dx: late(points) ? -8 : BESIDE,
          dy: shifts.get(run),
          fill: isChosen ? theme.accent : theme.muted,
          fontWeight: isChosen ? 600 : 400,
          ...halo,
        }),
      ]),
      chosen
        ? Plot.text(chosen.points.slice(0, 1), {
            x: "length",
            y: "loss",
            text: (d: { epoch: number }) => `epoch ${formatEpoch(d.epoch)}`,
            textAnchor: "end",
            dx: -6,
            dy: 8,
            fill: theme.ink,
            ...halo,
          })
        : [],
      shown ? Plot.dot([shown], { x: "length", y: "loss", r: 6, stroke: theme.ink, strokeWidth: 1.75 }) : [],
      interactive && chosen
        ? Plot.tip(
            chosen.points,
            Plot.pointer({
              x: "length",
              y: "loss",
              title: words(chosen.name),
              fill: theme.background,
              stroke: theme.rule,
              fontFamily: "inherit",
            }),
          )
        : [],
    ],
  }) as SVGSVGElement;
}
