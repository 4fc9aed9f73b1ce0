/** What stands still in the animation: its layout, scales and colours, and the loss curves. */
import type { LogitFrames } from "../../derivations/trajectories/logit-frames.js";
import type { TokenPaths } from "../../derivations/trajectories/token-paths.js";
import type { MetricsRow, SpectraRow } from "../../training/run-record.js";
import { type ColorScale, divergingColors, extentOf, LEGEND_HEIGHT } from "../color-maps.js";
import { closeUpOf, type EpochScale, epochScale, sideMargins } from "../epoch-axis.js";
import { epochPanel, panelHeight } from "../epoch-panel.js";
import type { FigureOptions } from "../figure.js";
import { formatLoss } from "../format.js";
import { frequencyPanelHeight } from "../fourier/frequency-panel.js";
import type { Frame } from "../pixel-grid.js";
import type { RunSummary } from "../run-summary.js";
import { DASHES } from "../theme.js";

export interface AnimationData {
  run: RunSummary | undefined;
  metrics: readonly Pick<MetricsRow, "epoch" | "train_loss" | "test_loss">[];
  spectra: readonly Pick<SpectraRow, "epoch" | "frequency" | "logits">[];
  /** null where the run has no stored weights. */
  tokens: TokenPaths | null;
  logits: LogitFrames | null;
}

/** The same with its run known. */
export type StagedData = AnimationData & { run: RunSummary };

export interface SpectrumAt {
  epoch: number;
  /** Entry k − 1 belongs to frequency k. */
  norms: number[];
}

export interface Stage {
  data: StagedData;
  scale: EpochScale;
  lossDomain: [number, number];
  spectra: SpectrumAt[];
  largestNorm: number;
  /** Frequencies that are coloured: the run's key ones; of a twin, those whose circles are shown. */
  keys: readonly number[];
  /** One scale for all checkpoints. */
  logitColors: ColorScale;
}

export interface AnimationLayout {
  /** Frames of the parts, without titles and axes; of the spectrum the whole panel, with the height of its frame. */
  loss: Frame;
  spectrum: Frame;
  circles: Frame;
  logits: Frame;
  lossPanel: number;
  height: number;
}

const LOSS = 130;
const NARROW = 640;
const GAP = 26;
/** Room above a part for its two lines, and beside the logits for their axis. */
const TITLES = 44;
const AXIS = 34;

export function animationLayout(width: number): AnimationLayout {
  const { left, right } = sideMargins(width);
  const lossPanel = panelHeight(LOSS, true, true);
  const loss = { x: left, y: 48, width: width - left - right, height: LOSS };
  const top = lossPanel + GAP + TITLES;
  if (width < NARROW) {
    const side = Math.floor((width - AXIS - GAP) / 2);
    const circles = { x: 0, y: top, width: side, height: side };
    const logits = { x: side + GAP + AXIS, y: top, width: side, height: side };
    const y = top + side + AXIS + LEGEND_HEIGHT + GAP;
    const spectrum = { x: 0, y, width, height: 110 };
    return {
      loss,
      circles,
      logits,
      spectrum,
      lossPanel,
      height: y + frequencyPanelHeight(110, { top: true, lowest: true }),
    };
  }
  const side = Math.floor(Math.min(310, (width - AXIS - 2 * GAP) * 0.28));
  const circles = { x: width - 2 * side - GAP - AXIS, y: top, width: side, height: side };
  const logits = { x: width - side, y: top, width: side, height: side };
  const bars = side + TITLES - (frequencyPanelHeight(0, { top: true, lowest: true }) - 40);
  const spectrum = { x: 0, y: top - TITLES - 2, width: circles.x - GAP, height: bars };
  return { loss, circles, logits, spectrum, lossPanel, height: top + side + AXIS + 8 + LEGEND_HEIGHT };
}

export function stageOf(data: StagedData, options: FigureOptions): Stage {
  const spectra = spectraByEpoch(data.spectra);
  const { tokens, logits, run } = data;
  return {
    data,
    scale: epochScale(data.metrics, options.scale, closeUpOf(run)),
    lossDomain: lossDomainOf(data),
    spectra,
    largestNorm: spectra.reduce((max, { norms }) => Math.max(max, ...norms), 0) || 1,
    keys: run.key_frequencies ?? tokens?.ranked ?? [],
    logitColors: divergingColors(logits ? extentOf(logits.means) : 1, options.theme),
  };
}

function spectraByEpoch(rows: AnimationData["spectra"]): SpectrumAt[] {
  const byEpoch = new Map<number, number[]>();
  for (const { epoch, frequency, logits } of rows) {
    const norms = byEpoch.get(epoch) ?? [];
    norms[frequency - 1] = logits;
    byEpoch.set(epoch, norms);
  }
  return [...byEpoch].map(([epoch, norms]) => ({ epoch, norms })).sort((a, b) => a.epoch - b.epoch);
}

function lossDomainOf({ metrics }: AnimationData): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, 0];
  for (const { train_loss, test_loss } of metrics) {
    for (const loss of [train_loss, test_loss]) {
      if (!(loss > 0 && Number.isFinite(loss))) continue;
      low = Math.min(low, loss);
      high = Math.max(high, loss);
    }
  }
  return low < high ? [low * 0.7, high * 1.4] : [0.1, 10];
}

/** The loss curves without the rule, which moves. */
export function lossCurves({ data, scale, lossDomain }: Stage, options: FigureOptions): SVGSVGElement {
  const { theme } = options;
  const points = (field: "train_loss" | "test_loss") => data.metrics.map((d) => ({ epoch: d.epoch, value: d[field] }));
  return epochPanel(
    {
      scale,
      height: LOSS,
      label: "loss (nats, log axis)",
      y: { type: "log", domain: lossDomain },
      format: formatLoss,
      top: true,
      lowest: true,
      lines: [
        { name: "train", color: theme.train, dash: DASHES.train, points: points("train_loss") },
        { name: "test", color: theme.test, dash: DASHES.test, points: points("test_loss") },
      ],
    },
    { ...options, epoch: undefined, interactive: false },
  );
}
