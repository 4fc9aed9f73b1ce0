/** Stored spectra as a table of epochs by frequencies, and which frequencies of it are marked. */

import { topFrequencies } from "../../analysis/key-frequencies.js";
import { energyShare } from "../../analysis/spectra.js";
import type { SpectraRow } from "../../training/run-record.js";
import { closeUpOf } from "../epoch-axis.js";
import { PAPER } from "../paper-values.js";
import { missingRun, type RunSummary } from "../run-summary.js";

/** What the stored spectra are of, in the order from the answer back to the tokens. */
export const QUANTITIES = ["logits", "W_L", "W_E"] as const;
export type Quantity = (typeof QUANTITIES)[number];

export interface SpectraData {
  run: RunSummary;
  /** In any order: one row per evaluation and frequency. */
  spectra: readonly SpectraRow[];
  /**
   * How many of its own largest frequencies a run without key frequencies marks, for a null twin; without, as many as
   * the paper's main model has.
   */
  marked?: number;
}

export interface SpectraSeries {
  /** Ascending. */
  epochs: readonly number[];
  /** Number of folded frequencies. */
  count: number;
  /** Norms [epochs, count]; entry k − 1 of a row belongs to frequency k. */
  norms: Readonly<Record<Quantity, Float64Array>>;
}

const known = new WeakMap<object, SpectraSeries>();

/** Arranges the rows; done once for the same array. */
export function spectraSeries(rows: readonly SpectraRow[]): SpectraSeries {
  const earlier = known.get(rows);
  if (earlier) return earlier;
  const epochs = [...new Set(rows.map((row) => row.epoch))].sort((a, b) => a - b);
  const index = new Map(epochs.map((epoch, i) => [epoch, i]));
  const count = rows.reduce((max, row) => Math.max(max, row.frequency), 0);
  const table = () => new Float64Array(epochs.length * count);
  const norms = { logits: table(), W_L: table(), W_E: table() };
  for (const row of rows) {
    const at = (index.get(row.epoch) as number) * count + row.frequency - 1;
    for (const quantity of QUANTITIES) norms[quantity][at] = row[quantity];
  }
  const series = { epochs, count, norms };
  known.set(rows, series);
  return series;
}

/** Norms at one evaluation: [count]. */
export function spectrumAt({ norms, count }: SpectraSeries, quantity: Quantity, index: number): Float64Array {
  return norms[quantity].subarray(index * count, (index + 1) * count);
}

/** One frequency over the evaluations. */
export function pointsOf({ epochs, norms, count }: SpectraSeries, quantity: Quantity, k: number) {
  return epochs.map((epoch, i) => ({ epoch, value: norms[quantity][i * count + k - 1] }));
}

/** Key frequencies of the run, ascending; the largest of the final spectrum where it has none but is to mark some. */
export function markedFrequencies(
  { run, spectra, marked = PAPER.keyFrequencies.length }: SpectraData,
  quantity: Quantity,
): number[] {
  if (run.key_frequencies) return run.key_frequencies;
  const series = spectraSeries(spectra);
  return series.epochs.length ? topFrequencies(spectrumAt(series, quantity, series.epochs.length - 1), marked) : [];
}

/** Share of each evaluation's spectrum that lies in some frequencies. */
export function shareOver(series: SpectraSeries, quantity: Quantity, frequencies: readonly number[]) {
  return series.epochs.map((epoch, i) => ({
    epoch,
    value: energyShare(spectrumAt(series, quantity, i), frequencies),
  }));
}

/** Fewer evaluations than these are drawn whole: a close-up would break off at the last of them, before its axis ends. */
const CLOSE_UP_EVALUATIONS = 40;

/** Last epoch of a close-up of the run; undefined where there is none. */
export function closeUpOfSpectra({ run, spectra }: SpectraData): number | undefined {
  return spectraSeries(spectra).epochs.length < CLOSE_UP_EVALUATIONS ? undefined : closeUpOf(run);
}

export interface HalfWay {
  frequency: number;
  /** From here on the norm stays above half of its final value; between evaluations by a straight line, to ten. */
  epoch: number;
  final: number;
}

/** When frequencies pass half of their final norm for good. */
export function halfWays(series: SpectraSeries, quantity: Quantity, frequencies: readonly number[]): HalfWay[] {
  return frequencies.map((frequency) => {
    const points = pointsOf(series, quantity, frequency);
    const final = points[points.length - 1]?.value ?? 0;
    const at = points.findLastIndex(({ value }) => value < final / 2);
    if (at < 0) return { frequency, epoch: points[0]?.epoch ?? 0, final };
    const [below, above] = [points[at], points[at + 1]];
    const share = (final / 2 - below.value) / (above.value - below.value);
    return { frequency, epoch: 10 * Math.round((below.epoch + share * (above.epoch - below.epoch)) / 10), final };
  });
}

/** Why spectra over epochs cannot be drawn; null where they can. */
export function spectraGap({ run, spectra }: SpectraData): string | null {
  const missing = missingRun(run, [run]);
  if (missing || spectra.length) return missing;
  return `no spectra are stored for this run: ${run.config.operation} with modulus ${run.config.modulus} has no Fourier basis, or its spectra were not kept`;
}
