/**
 * The path of all weights over training, in the principal components of its own checkpoints (Li et al. 2018, appendix on
 * optimization trajectories).
 *
 * Two components hold much of any path: of a random walk in high dimension more than four fifths (Antognini and
 * Sohl-Dickstein 2018). So a walk with steps of the same lengths, each at right angles to all others, stands beside it.
 */
import { type GramBasis, gramBasis } from "../../analysis/gram-components.js";

const COMPONENTS = 4;

export interface Weights {
  epoch: number;
  /** Flat, in the order of `parameterLayout`. */
  parameters: Float32Array;
}

/** Weights of another run, placed in the same components. */
export interface Landmark {
  /** Key of its run. */
  run: string;
  epoch: number;
  coordinates: number[];
  /** The checkpoint of the path that is nearest to it, and its distance from it. */
  nearest: { epoch: number; distance: number };
  /** Distances from the path's turn and from its end. */
  fromTurn: number;
  fromEnd: number;
  /** Place along the line from the path's turn to its end: 0 at the turn, 1 at the end. */
  progress: number;
}

export interface ParameterPath {
  epochs: number[];
  /** Number of weights. */
  size: number;
  components: number;
  /** About the mean of the checkpoints: [checkpoints, components]. */
  coordinates: number[];
  /** Share of the variance of the checkpoints along each component. */
  shares: number[];
  /** Distance of each checkpoint from the straight line between the path's ends, as a share of that line. */
  departures: number[];
  /** Index of the checkpoint farthest from that line. */
  turn: number;
  /** Distance between the path's ends. */
  span: number;
  walk: { coordinates: number[]; shares: number[] };
  landmarks: Landmark[];
}

/**
 * @param path checkpoints of one run, ascending, at least three
 * @param others weights of runs of the same shape
 */
export function parameterPath(
  path: readonly Weights[],
  others: readonly (Weights & { run: string })[] = [],
): ParameterPath {
  const rows = path.map(({ parameters }) => parameters);
  const basis = gramBasis(rows, COMPONENTS);
  const steps = rows.map((row, i) => (i === 0 ? 0 : distance(row, rows[i - 1])));
  const walk = gramBasis(
    steps.map((_, i) => Float64Array.from(steps, (step, j) => (j <= i ? step : 0))),
    COMPONENTS,
  );
  const departures = departuresFromChord(rows);
  const turn = departures.reduce((best, value, i) => (value > departures[best] ? i : best), 0);
  return {
    epochs: path.map(({ epoch }) => epoch),
    size: rows[0].length,
    components: basis.count,
    coordinates: rounded(basis.coordinates),
    shares: [...basis.shares],
    departures,
    turn,
    span: distance(rows[0], rows[rows.length - 1]),
    walk: { coordinates: rounded(walk.coordinates), shares: [...walk.shares] },
    landmarks: others.map((other) => landmark(other, path, basis, turn)),
  };
}

function landmark(
  { run, epoch, parameters }: Weights & { run: string },
  path: readonly Weights[],
  basis: GramBasis,
  turn: number,
): Landmark {
  const distances = path.map((at) => distance(at.parameters, parameters));
  const nearest = distances.reduce((best, value, i) => (value < distances[best] ? i : best), 0);
  const fromTurn = distances[turn];
  const fromEnd = distances[distances.length - 1];
  const leg = distance(path[turn].parameters, path[path.length - 1].parameters);
  return {
    run,
    epoch,
    coordinates: rounded(basis.place(parameters)),
    nearest: { epoch: path[nearest].epoch, distance: distances[nearest] },
    fromTurn,
    fromEnd,
    // By the law of cosines, without forming the projection.
    progress: (fromTurn ** 2 + leg ** 2 - fromEnd ** 2) / (2 * leg ** 2),
  };
}

/** Distance of each row from the line through the first and the last, over the length of that line. */
export function departuresFromChord(rows: readonly Float32Array[]): number[] {
  const [first, last] = [rows[0], rows[rows.length - 1]];
  const chord = distance(first, last);
  return rows.map((row) => {
    const [a, b] = [distance(first, row), distance(last, row)];
    const along = (a * a + chord * chord - b * b) / (2 * chord);
    return Math.sqrt(Math.max(0, a * a - along * along)) / chord;
  });
}

function distance(x: Float32Array, y: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) {
    const difference = x[i] - y[i];
    sum += difference * difference;
  }
  return Math.sqrt(sum);
}

/** Six digits are more than a pixel shows, and shorter in a file. */
const rounded = (values: Float64Array) => Array.from(values, (value) => Number(value.toPrecision(6)));
