/**
 * What is known of the sweeps' cells from before: the earlier suite's results and published numbers, to stand beside
 * our own. The earlier suite is the public replication suite “grokking_experiments”: one seed, 40,000 epochs, float32
 * losses. Its epochs are the first with a test accuracy of at least 95 %, whether or not it stayed there.
 */
import type { RunConfig } from "../../model/config.js";
import { formatEpoch } from "../format.js";

export const EARLIER_SUITE = {
  name: "the earlier suite",
  source: "grokking_experiments, one seed, 40,000 epochs",
  epochs: 40_000,
} as const;

/**
 * Ten runs of the main model that differ in their seed alone, of another replication of the paper: epochs to grok. A
 * difference of two single runs that is not larger may be chance.
 */
export const SEEDS_APART = { seeds: 10, from: 5625, to: 10_275 } as const;

/** A cell's configuration is the paper's main model but for these fields. */
export type CellFields = Partial<
  Pick<RunConfig, "operation" | "modulus" | "train_fraction" | "learning_rate" | "weight_decay" | "layers">
>;

/** One run of the earlier suite. */
export interface EarlierResult {
  cell: CellFields;
  /** First epoch with test accuracy ≥ 95 %; null: not within its 40,000. */
  epoch: number | null;
  /** Test accuracy at its end, where it is reported. */
  finalAccuracy?: number;
  /** Epoch from which test accuracy collapsed, where it is reported. */
  collapses?: number;
}

const over = <Field extends keyof CellFields>(
  field: Field,
  results: readonly (readonly [value: NonNullable<CellFields[Field]>, epoch: number | null])[],
): EarlierResult[] => results.map(([value, epoch]) => ({ cell: { [field]: value } as CellFields, epoch }));

const NEVER = null;

/** Epoch and final accuracy at depth 1, 2 and 3. */
const DEPTHS: Record<string, readonly (readonly [epoch: number | null, finalAccuracy?: number])[]> = {
  add: [
    [8350, 1],
    [2900, 0.58],
    [4300, 0.28],
  ],
  subtract: [
    [11_800, 1],
    [10_800, 1],
    [NEVER, 0.73],
  ],
  multiply: [
    [14_900, 1],
    [4400, 0.99],
    [1600, 0.61],
  ],
  squares: [
    [1800, 1],
    [3200, 0.99],
    [2700, 0.02],
  ],
  cubic: [[NEVER], [NEVER], [NEVER]],
};

const depth: EarlierResult[] = Object.entries(DEPTHS).flatMap(([operation, depths]) =>
  depths.map(([epoch, finalAccuracy], i) => ({
    cell: { operation: operation as RunConfig["operation"], layers: i + 1 },
    epoch,
    finalAccuracy,
  })),
);

/** Every result of the earlier suite. Its sweeps share cells, as ours do: a cell may be here more than once, alike. */
export const EARLIER_RESULTS: readonly EarlierResult[] = [
  ...depth,
  ...over("weight_decay", [
    [0.01, NEVER],
    [0.1, NEVER],
    [0.3, 23_900],
    [0.5, 17_600],
    [2, 3100],
    [5, 900],
  ]),
  ...over("train_fraction", [
    [0.05, NEVER],
    [0.1, NEVER],
    [0.2, NEVER],
    [0.4, 1900],
    [0.5, 500],
    [0.7, 400],
  ]),
  ...over("learning_rate", [
    [1e-4, NEVER],
    [3e-4, 20_400],
    [2e-3, 2700],
    [3e-3, 1500],
  ]),
  { cell: { learning_rate: 1e-2 }, epoch: 300, collapses: 18_400 },
  { cell: { weight_decay: 2, learning_rate: 5e-4 }, epoch: 6200 },
  { cell: { weight_decay: 0.5, learning_rate: 2e-3 }, epoch: 5900 },
  { cell: { weight_decay: 3 }, epoch: 1400 },
  ...over("modulus", [
    [7, NEVER],
    [11, NEVER],
    [13, NEVER],
    [17, NEVER],
    [23, NEVER],
    [31, NEVER],
    [43, NEVER],
    [59, 31_600],
    [67, 11_500],
    [89, 5800],
    [97, 11_000],
  ]),
];

/** The power law that the earlier suite drew through its primes: epochs ~ p^exponent. */
export const EARLIER_POWER_LAW = { exponent: -1.74, runs: 5, rSquared: 0.54 } as const;

/** How many of the earlier suite's runs have jumps of the training loss, by what factor, and where its losses floor. */
export const EARLIER_SPIKES = { runs: 119, of: 122, factor: 100, floor: 1.2e-7 } as const;

/** The number of key frequencies that it gave for every prime, the top five of a spectrum that was not folded. */
export const EARLIER_KEY_FREQUENCIES = { claimed: 5, folded: [2, 4] } as const;

/** Sparsity of what a · b is learnt with, published: Gini coefficients in the right basis and in the additive one. */
export const PUBLISHED_SPARSITY = { multiplicative: 0.58, additive: 0.07 } as const;

/** A published number for a cell. */
export interface PublishedResult {
  cell: CellFields;
  /** As it is written in a table. */
  text: string;
  source: string;
}

const NANDA = "Nanda et al. 2023";
const CURVES = `${NANDA}, released curves: first epoch with a test loss below 0.1`;

const curve = (train_fraction: number, epoch: number): PublishedResult => ({
  cell: { train_fraction },
  text: formatEpoch(epoch),
  source: CURVES,
});

export const PUBLISHED_RESULTS: readonly PublishedResult[] = [
  { cell: {}, text: "about 10,000", source: NANDA },
  { cell: { weight_decay: 0 }, text: "never generalizes", source: NANDA },
  { cell: { train_fraction: 0.1 }, text: "not in 40,000", source: NANDA },
  { cell: { train_fraction: 0.2 }, text: "not in 40,000", source: NANDA },
  curve(0.25, 21_848),
  curve(0.28, 15_037),
  curve(0.3, 7930),
  curve(0.4, 3109),
  curve(0.5, 956),
  curve(0.6, 440),
  curve(0.7, 222),
];

/** The main model's fields that the cells change. */
const MAIN: Required<CellFields> = {
  operation: "add",
  modulus: 113,
  train_fraction: 0.3,
  learning_rate: 1e-3,
  weight_decay: 1,
  layers: 1,
};

const isCell = (cell: CellFields, config: CellFields) =>
  (Object.keys(MAIN) as (keyof CellFields)[]).every((field) => (cell[field] ?? MAIN[field]) === config[field]);

/**
 * The earlier suite's run of a cell; undefined where it has none. Softmax, β₂ and seed are passed over: it had one of
 * each, so that all variants of a model stand beside the same run.
 */
export const earlierResult = (config: Required<CellFields>): EarlierResult | undefined =>
  EARLIER_RESULTS.find(({ cell }) => isCell(cell, config));

/** Published numbers for a cell, of whatever softmax, β₂ and seed. */
export const publishedResults = (config: Required<CellFields>): readonly PublishedResult[] =>
  PUBLISHED_RESULTS.filter(({ cell }) => isCell(cell, config));
