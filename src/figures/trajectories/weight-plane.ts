/** The path of the weights in two principal components: the left part of figure 22. */
import * as Plot from "@observablehq/plot";
import type { ParameterPath } from "../../derivations/trajectories/parameter-path.js";
import type { FigureOptions } from "../figure.js";
import { formatEpoch, formatNumber, formatPercent } from "../format.js";
import { checkpointAt } from "./embedding-trajectory.js";
import { planeLabels } from "./plane-labels.js";

export interface WeightPlaneSpec {
  path: ParameterPath;
  /** Indices of the two components. */
  axes: readonly [number, number];
  /** Names of the runs of the landmarks, by key. */
  names: Readonly<Record<string, string>>;
  width: number;
  height: number;
  /** Draws the path pale: a landmark is what is looked at. */
  pale: boolean;
  /** Key of the run that is looked at. */
  looked: string;
}

const MARGIN = { top: 54, right: 14, bottom: 40, left: 46 };

interface Spot {
  epoch: number;
  x: number;
  y: number;
}

export function weightPlane(
  { path, axes, names, width, height, pale, looked }: WeightPlaneSpec,
  options: FigureOptions,
): SVGSVGElement {
  const { theme, document, interactive } = options;
  const [i, j] = axes;
  const spots = spotsOf(path, path.coordinates, axes);
  const walk = spotsOf(path, path.walk.coordinates, axes);
  const landmarks = path.landmarks.map((each) => ({
    ...each,
    x: each.coordinates[i],
    y: each.coordinates[j],
    name: names[each.run] ?? each.run,
  }));
  const { x, y } = equalDomains([...spots, ...landmarks], width, height);
  const words = planeLabels(spots, path.turn, landmarks, { x, y, width, height, margin: MARGIN });
  const color = pale ? theme.other : theme.accent;
  const shown = spots[checkpointAt(path.epochs, options.epoch)];
  const ends = [spots[0], spots[spots.length - 1]];
  const title = { frameAnchor: "top-left", lineAnchor: "bottom", textAnchor: "start", dx: -MARGIN.left + 2 } as const;
  const halo = { stroke: theme.background, strokeWidth: 3, paintOrder: "stroke" } as const;
  const share = (component: number) => formatPercent(path.shares[component], 0);
  const walkShare = path.walk.shares[i] + path.walk.shares[j];
  const note =
    width < 520
      ? `dashed: straight line; dotted: random walk, ${formatPercent(walkShare)}`
      : `dashed: the straight line; dotted: a random walk of the same steps, ${formatPercent(walkShare)} in its plane`;
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
      domain: x,
      label: `PC ${i + 1}, ${share(i)} of the variance`,
      labelAnchor: "center",
      labelArrow: "none",
      ticks: 5,
      tickSize: 4,
    },
    y: { domain: y, axis: null },
    marks: [
      Plot.gridY({ stroke: theme.grid, ticks: 5 }),
      Plot.gridX({ stroke: theme.grid, ticks: 5 }),
      Plot.axisY({ label: null, tickSize: 0, ticks: 5, fill: theme.muted }),
      Plot.text([`All weights: PC ${j + 1}, ${share(j)}, against PC ${i + 1}`], {
        ...title,
        dy: -29,
        fontSize: 13,
        fontWeight: 600,
        fill: theme.ink,
      }),
      Plot.text([note], { ...title, dy: -12, fill: theme.muted }),
      Plot.line(ends, { x: "x", y: "y", stroke: theme.muted, strokeDasharray: "5 4" }),
      Plot.line(walk, {
        x: "x",
        y: "y",
        stroke: theme.muted,
        strokeDasharray: "1 3",
        curve: "catmull-rom",
        clip: true,
      }),
      Plot.line(spots, { x: "x", y: "y", stroke: color, strokeWidth: 2, curve: "catmull-rom" }),
      Plot.dot(spots, { x: "x", y: "y", r: 2.6, fill: color, title: wordsOn }),
      landmarks.map((each) => [
        pale && each.run === looked
          ? Plot.line([spots[0], each], { x: "x", y: "y", stroke: theme.ink, strokeDasharray: "2 4" })
          : [],
        Plot.dot([each], {
          x: "x",
          y: "y",
          symbol: "square",
          r: 4,
          fill: theme.background,
          stroke: theme.ink,
          strokeWidth: 1.75,
          title: () =>
            `${each.name}, epoch ${formatEpoch(each.epoch)}\nnearest to epoch ${formatEpoch(each.nearest.epoch)} of this path, ${formatNumber(each.nearest.distance)} away`,
        }),
      ]),
      words.map(({ label, dx, dy }) =>
        Plot.text([label.at], { x: "x", y: "y", text: () => label.text, dx, dy, fill: theme.ink, ...halo }),
      ),
      options.epoch === undefined || pale
        ? []
        : Plot.dot([shown], { x: "x", y: "y", r: 6, stroke: theme.ink, strokeWidth: 1.75 }),
      interactive
        ? Plot.tip(
            spots,
            Plot.pointer({
              x: "x",
              y: "y",
              title: wordsOn,
              fill: theme.background,
              stroke: theme.rule,
              fontFamily: "inherit",
            }),
          )
        : [],
    ],
  }) as SVGSVGElement;
}

const wordsOn = ({ epoch, x, y }: Spot) => `epoch ${formatEpoch(epoch)}\n${formatNumber(x)}, ${formatNumber(y)}`;

function spotsOf(
  { epochs, components }: ParameterPath,
  coordinates: readonly number[],
  [i, j]: readonly [number, number],
): Spot[] {
  return epochs.map((epoch, at) => ({
    epoch,
    x: coordinates[at * components + i],
    y: coordinates[at * components + j],
  }));
}

/** Domains around some points that give both axes the same unit. */
function equalDomains(spots: readonly { x: number; y: number }[], width: number, height: number) {
  const range = (values: number[]) => [Math.min(...values), Math.max(...values)] as const;
  const [left, right] = range(spots.map(({ x }) => x));
  const [low, high] = range(spots.map(({ y }) => y));
  const inner = [width - MARGIN.left - MARGIN.right, height - MARGIN.top - MARGIN.bottom];
  const unit = 1.14 * Math.max((right - left) / inner[0], (high - low) / inner[1]) || 1;
  const around = (middle: number, pixels: number): [number, number] => [
    middle - (unit * pixels) / 2,
    middle + (unit * pixels) / 2,
  ];
  return { x: around((left + right) / 2, inner[0]), y: around((low + high) / 2, inner[1]) };
}
