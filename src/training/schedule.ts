/** When a run is evaluated, when its weights are set aside, and which of both are kept once it has ended. */
import type { MetricsRow } from "./run-record.js";

const DENSE_UNTIL = 1000;
const EVALUATE_EVERY = 50;
const SET_ASIDE_EVERY = 250;
/** Longer runs than these allow are evaluated and set aside less often. */
const MOST_LATE_EVALUATIONS = 2000;
const MOST_LATE_CANDIDATES = 160;

/** Epochs at which something is due, ascending; the last is the run's last epoch. */
export interface Plan {
  evaluations: number[];
  /** A subset of `evaluations`: where weights are set aside until the run has ended. */
  candidates: number[];
}

/**
 * The plan of a run: evaluations at epochs 0–10, every 10 up to 1,000, then every 50; weights set aside at ten epochs
 * per decade up to 1,000, then every 250. Beyond 40,000 epochs weights are set aside at most 160 times after the first
 * thousand, beyond 100,000 there are at most 2,000 evaluations.
 *
 * @param last the run's last epoch
 * @param first where it starts: 0, or the epoch of the weights it continues
 */
export function planRun(last: number, first = 0): Plan {
  const evaluations = new Set<number>([first, last]);
  for (let epoch = 0; epoch <= Math.min(10, last); epoch++) evaluations.add(epoch);
  for (let epoch = 10; epoch <= Math.min(DENSE_UNTIL, last); epoch += 10) evaluations.add(epoch);
  const evaluateEvery = Math.ceil(last / MOST_LATE_EVALUATIONS / EVALUATE_EVERY) * EVALUATE_EVERY;
  for (let epoch = DENSE_UNTIL; epoch <= last; epoch += evaluateEvery) evaluations.add(epoch);
  const candidates = new Set<number>([first, last, 0]);
  for (let tenth = 0; tenth <= 30; tenth++) candidates.add(nearestEvaluation(10 ** (tenth / 10)));
  const every = Math.max(SET_ASIDE_EVERY, Math.ceil(last / MOST_LATE_CANDIDATES / evaluateEvery) * evaluateEvery);
  for (let epoch = DENSE_UNTIL + every; epoch <= last; epoch += every) candidates.add(epoch);
  return { evaluations: within(evaluations, first, last), candidates: within(candidates, first, last) };
}

const nearestEvaluation = (epoch: number) => (epoch <= 10 ? Math.round(epoch) : Math.round(epoch / 10) * 10);

const within = (epochs: Set<number>, first: number, last: number) =>
  [...epochs].filter((epoch) => epoch >= first && epoch <= last).sort((a, b) => a - b);

/**
 * Chooses checkpoints spread evenly along the run's own path, so that they are dense where things change: equal arc
 * length in (log test loss, log train loss, test accuracy, log epoch), each scaled to its range. Both ends are in.
 *
 * @param rows metrics at least of the candidates, ascending
 * @param candidates epochs to choose from, ascending
 * @param count how many at most; 1 gives the last
 */
export function chooseByArcLength(rows: readonly MetricsRow[], candidates: readonly number[], count: number): number[] {
  if (count <= 0) return [];
  if (candidates.length <= count) return [...candidates];
  if (count === 1) return candidates.slice(-1);
  const lengths = arcLengths(rows, candidates);
  const total = lengths[lengths.length - 1];
  const chosen = new Set<number>([0, candidates.length - 1]);
  for (let i = 1; i < count - 1; i++) {
    const target = (total * i) / (count - 1);
    let nearest = 0;
    for (let j = 1; j < lengths.length; j++) {
      if (Math.abs(lengths[j] - target) < Math.abs(lengths[nearest] - target)) nearest = j;
    }
    chosen.add(nearest);
  }
  while (chosen.size < count) chosen.add(middleOfWidestGap(lengths, chosen));
  return [...chosen].sort((a, b) => a - b).map((index) => candidates[index]);
}

function arcLengths(rows: readonly MetricsRow[], candidates: readonly number[]): number[] {
  const byEpoch = new Map(rows.map((row) => [row.epoch, row]));
  const points = candidates.map((epoch) => {
    const row = byEpoch.get(epoch);
    if (!row) throw new RangeError(`no metrics at epoch ${epoch}`);
    return [logLoss(row.test_loss), logLoss(row.train_loss), row.test_accuracy, Math.log10(epoch + 1)];
  });
  const ranges = [0, 1, 2, 3].map((i) => {
    const values = points.map((point) => point[i]);
    return Math.max(...values) - Math.min(...values) || 1;
  });
  let length = 0;
  return points.map((point, n) => {
    if (n > 0) length += Math.hypot(...point.map((value, i) => (value - points[n - 1][i]) / ranges[i]));
    return length;
  });
}

/** Logarithm of a loss; losses below 1e-16 are alike. */
const logLoss = (loss: number) => Math.log10(Math.max(loss, 1e-16));

/** The unchosen index nearest the middle of the longest stretch without a chosen one. */
function middleOfWidestGap(lengths: readonly number[], chosen: ReadonlySet<number>): number {
  const marks = [...chosen].sort((a, b) => a - b);
  let best = -1;
  let widest = -1;
  for (let m = 1; m < marks.length; m++) {
    const [low, high] = [marks[m - 1], marks[m]];
    const width = lengths[high] - lengths[low];
    if (high - low < 2 || width <= widest) continue;
    widest = width;
    const middle = (lengths[low] + lengths[high]) / 2;
    best = low + 1;
    for (let j = low + 2; j < high; j++) {
      if (Math.abs(lengths[j] - middle) < Math.abs(lengths[best] - middle)) best = j;
    }
  }
  return best;
}

/**
 * Thins metrics to about log-spaced rows. The first and the last row stay, and so do the rows at and just before each
 * milestone, so that milestones read from the thinned rows are those of all rows.
 *
 * @param rows all rows, ascending
 * @param most how many may stay
 * @param milestones epochs whose rows matter
 */
export function thinMetrics(rows: readonly MetricsRow[], most: number, milestones: readonly number[]): MetricsRow[] {
  if (rows.length <= most) return [...rows];
  const kept = new Set<number>([0, rows.length - 1]);
  for (const epoch of milestones) {
    const index = rows.findIndex((row) => row.epoch === epoch);
    if (index >= 0) kept.add(index).add(Math.max(0, index - 1));
  }
  const logEpochs = rows.map((row) => Math.log(row.epoch - rows[0].epoch + 1));
  while (kept.size < most) kept.add(middleOfWidestGap(logEpochs, kept));
  return [...kept].sort((a, b) => a - b).map((index) => rows[index]);
}
