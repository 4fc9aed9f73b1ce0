/**
 * The phases of grokking, from change points of the progress measures (Nanda et al. 2023, section 5.2, draws them by
 * eye at 1400, 9400 and 14000 epochs).
 *
 * Each boundary is read from the measure that defines it, by a broken line (`broken-line.ts`) through log10 of the
 * measure over log10 of the epoch:
 * - memorization ends where excluded loss turns from falling to rising;
 * - circuit formation ends where restricted test loss starts its steepest fall;
 * - cleanup ends where Σw² has done its steepest fall after the weights were largest.
 * A boundary whose change is not there, in a run that never generalizes, is null.
 */
import { type BrokenLine, fitBrokenLine } from "./broken-line.js";

export interface Boundary {
  epoch: number;
  /** 95 % interval, epochs. */
  low: number;
  high: number;
}

export interface Phases {
  memorization_ends: Boundary | null;
  circuit_formation_ends: Boundary | null;
  cleanup_ends: Boundary | null;
}

/** A measure over the epochs; nulls are left out. */
export type Curve = readonly { epoch: number; value: number | null }[];

/** Earlier epochs hold no phase but fill half of a logarithmic axis. */
const FIRST_EPOCH = 10;
/** Excluded loss must rise from its turn by this factor. */
const RISE = 2;
/** Restricted loss must fall by this factor. */
const FALL = 10;
/** Σw² must fall from its peak by this factor. */
const SHRINK = 1.2;
/** Losses below this are alike. */
const LEAST = 1e-12;

/**
 * @param excluded excluded loss on the training pairs
 * @param restricted restricted loss on the test pairs
 * @param squares Σw²
 */
export function findPhases(excluded: Curve, restricted: Curve, squares: Curve): Phases {
  return {
    memorization_ends: turnOf(excluded),
    circuit_formation_ends: onsetOf(restricted),
    cleanup_ends: endOf(squares),
  };
}

interface Points {
  x: number[];
  y: number[];
}

function logarithms(curve: Curve): Points {
  const points: Points = { x: [], y: [] };
  for (const { epoch, value } of curve) {
    if (epoch < FIRST_EPOCH || value === null || !Number.isFinite(value)) continue;
    points.x.push(Math.log10(epoch));
    points.y.push(Math.log10(Math.max(value, LEAST)));
  }
  return points;
}

function boundary(line: BrokenLine, knot: number): Boundary {
  const { x, low, high } = line.knots[knot];
  return { epoch: Math.round(10 ** x), low: Math.round(10 ** low), high: Math.round(10 ** high) };
}

/** Where a curve turns from falling to rising: at its lowest such turn, once it has begun to fall. */
function turnOf(curve: Curve): Boundary | null {
  const all = logarithms(curve);
  const start = all.y.findIndex((value) => value < all.y[0] - Math.log10(2));
  const x = all.x.slice(Math.max(0, start));
  const y = all.y.slice(Math.max(0, start));
  const line = start < 0 ? null : fitBrokenLine(x, y, 3);
  if (!line) return null;
  const level = (knot: number) => line.fitted[x.indexOf(line.knots[knot].x)];
  const turns = line.knots.map((_, i) => i).filter((i) => line.slopes[i] < 0 && line.slopes[i + 1] > 0);
  if (turns.length === 0) return null;
  const turn = turns.reduce((lowest, i) => (level(i) < level(lowest) ? i : lowest));
  const rises = y[y.length - 1] - Math.min(...y) >= Math.log10(RISE);
  return rises ? boundary(line, turn) : null;
}

/** Where a curve starts its steepest fall. */
function onsetOf(curve: Curve): Boundary | null {
  const { x, y } = logarithms(curve);
  const line = fitBrokenLine(x, y, 3);
  if (!line || Math.max(...y) - y[y.length - 1] < Math.log10(FALL)) return null;
  const steepest = line.slopes.indexOf(Math.min(...line.slopes));
  return steepest === 0 ? null : boundary(line, steepest - 1);
}

/** Where a curve has done its steepest fall after its peak. */
function endOf(curve: Curve): Boundary | null {
  const all = logarithms(curve);
  const peak = all.y.indexOf(Math.max(...all.y));
  const x = all.x.slice(Math.max(0, peak));
  const y = all.y.slice(Math.max(0, peak));
  if (y.length === 0 || y[0] - Math.min(...y) < Math.log10(SHRINK)) return null;
  const line = fitBrokenLine(x, y, 3);
  if (!line) return null;
  const steepest = line.slopes.indexOf(Math.min(...line.slopes));
  return steepest === line.slopes.length - 1 ? null : boundary(line, steepest);
}
