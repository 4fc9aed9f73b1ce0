/** Figure 22: the path of all weights over training, with several seeds over one another. */
import type { Landmark, ParameterPath } from "../../derivations/trajectories/parameter-path.js";
import type { Figure, FigureOptions, PageChoices } from "../figure.js";
import { formatCount, formatEpoch, formatNumber, formatPercent } from "../format.js";
import { stackPanels } from "../panels.js";
import { placePanels } from "../placed-panels.js";
import { lengthAndLoss, type MeasuredPath } from "./length-and-loss.js";
import { weightPlane } from "./weight-plane.js";

export interface ParameterPathData {
  /** Key of the run that is looked at; a landmark of the path where only its last weights are stored. */
  run: string;
  /** The path whose components are the plane: of the run itself, or of the one it is a twin of; null for none. */
  path: ParameterPath | null;
  /** Whether the path is that of `run`. */
  own: boolean;
  /** Short names of runs by key. */
  names: Readonly<Record<string, string>>;
  /** Runs by their evaluations: this one, other seeds of it, and its twin. */
  measured: readonly MeasuredPath[];
  missing?: string;
}

export const COMPONENT_PAIRS = ["1 and 2", "1 and 3", "2 and 3"] as const;
const AXES: Record<(typeof COMPONENT_PAIRS)[number], readonly [number, number]> = {
  "1 and 2": [0, 1],
  "1 and 3": [0, 2],
  "2 and 3": [1, 2],
};

const NARROW = 640;
const GAP = 28;

function layout(width: number) {
  const narrow = width < NARROW;
  const panel = narrow ? width : Math.floor((width - GAP) / 2);
  const tall = Math.round(Math.min(440, panel * (narrow ? 0.98 : 0.84)));
  return { narrow, panel, tall, height: narrow ? 2 * tall + GAP : tall };
}

function axesOf({ path }: ParameterPathData, choices: PageChoices): readonly [number, number] {
  const pair = COMPONENT_PAIRS.find((name) => name === choices.components) ?? COMPONENT_PAIRS[0];
  return path && path.components > 2 ? AXES[pair] : AXES["1 and 2"];
}

function draw(data: ParameterPathData, options: FigureOptions): SVGSVGElement {
  const path = data.path as ParameterPath;
  const { narrow, panel, tall, height } = layout(options.width);
  const size = { width: panel, height: tall };
  const axes = axesOf(data, options);
  const plane = weightPlane({ path, axes, names: data.names, ...size, pale: !data.own, looked: data.run }, options);
  const measured = lengthAndLoss(data.measured, size, options);
  const placed = [
    { panel: plane, x: 0, y: 0 },
    { panel: measured, x: narrow ? 0 : panel + GAP, y: narrow ? tall + GAP : 0 },
  ];
  const text = {
    ariaLabel: `The path of all weights in principal components ${axes[0] + 1} and ${axes[1] + 1} of its checkpoints, and test loss against the length of the weights for ${data.measured.length} runs`,
    ariaDescription: claim(data, options),
  };
  return stackPanels([placePanels(placed, height, options)], text, options);
}

const landmarkOf = ({ path, run }: ParameterPathData): Landmark | undefined =>
  path?.landmarks.find((landmark) => landmark.run === run);

function claim(data: ParameterPathData, choices: PageChoices): string {
  const { path, own } = data;
  if (!path) return "No path to follow";
  const [i, j] = axesOf(data, choices);
  const landmark = landmarkOf(data);
  if (!own) {
    if (!landmark) return "Of this run no weights are stored, only how long they are";
    const { nearest, fromEnd } = landmark;
    return `These weights end ${formatNumber(nearest.distance)} from where the other run was at epoch ${formatEpoch(nearest.epoch)}, and ${formatNumber(fromEnd)} from where it ended: they do not take its turn`;
  }
  const share = formatPercent(path.shares[i] + path.shares[j]);
  const away = formatPercent(path.departures[path.turn], 0);
  return `All ${formatCount(path.size)} weights move in a bow: farthest from the straight line at epoch ${formatEpoch(path.epochs[path.turn])}, by ${away} of its length; two directions hold ${share} of the path`;
}

/** The path of the weights. */
export const parameterPathFigure: Figure<ParameterPathData> = {
  id: "parameter-path",
  number: 22,
  name: "The path of the weights",
  height: (width) => layout(width).height,
  gap: ({ path, missing }) => (path ? null : (missing ?? "too few weights of this run are stored to draw a path")),
  claim,
  headline(data, choices) {
    const { path, own } = data;
    const [i, j] = axesOf(data, choices);
    const label = "variance of the path in the plane; epoch of its turn";
    if (!path || !own) return { label, value: null, text: "no path is stored, only its end" };
    const epoch = path.epochs[path.turn];
    const share = path.shares[i] + path.shares[j];
    return { label, value: share, text: `${formatPercent(share)}; epoch ${formatEpoch(epoch)}` };
  },
  draw,
  rows: ({ path, measured }) => [
    ...(path?.epochs.map((epoch, at) => ({
      run: "path",
      epoch,
      ...Object.fromEntries(
        Array.from({ length: path.components }, (_, c) => [`pc_${c + 1}`, path.coordinates[at * path.components + c]]),
      ),
      departure: path.departures[at],
      length: null,
      test_loss: null,
    })) ?? []),
    ...measured.flatMap(({ run, points }) =>
      points.map(({ epoch, length, loss }) => ({
        run,
        epoch,
        ...Object.fromEntries(Array.from({ length: path?.components ?? 0 }, (_, c) => [`pc_${c + 1}`, null])),
        departure: null,
        length,
        test_loss: loss,
      })),
    ),
  ],
  caption:
    "Left: each dot is a stored checkpoint, all weights of the model as one point, in principal components of these " +
    "checkpoints; squares are the last weights of other runs in the same plane. Right: the runs of which only " +
    "measures are stored, other seeds among them, drawn by what all runs have.",
  guidance: {
    shows:
      "Training as a walk through the space of all weights, flattened onto the two directions in which its checkpoints " +
      "vary most, and the same walk by two plain measures, for all seeds.",
    reading:
      "Follow the line from epoch 0. The first leg is memorization: long steps, growing weights. Where the path is farthest " +
      "from the straight line it turns, and the long way back is circuit formation and cleanup, with shrinking weights. Each " +
      "checkpoint counts once, and they are denser where more happens.",
    normal:
      "A bow with one corner soon after memorization. Beware of the share: a random walk of the same steps would have " +
      "nearly as much of its variance in two directions, since any smooth path does. What a walk does not have is the " +
      "return to shorter weights, and the fall of test loss on it.",
    wrong:
      "A path that ends at the first corner has memorized and stopped, like the run without weight decay. Zigzags: the " +
      "optimizer is unstable. Of most runs only measures are stored; then the left part shows where their last weights lie, or nothing.",
  },
};
