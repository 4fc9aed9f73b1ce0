/** Figure 21: the tokens over training, in one fixed plane. */
import { select } from "d3";
import { hasCharacters } from "../../analysis/characters.js";
import { TOKEN_BASES, type TokenPaths, tokensAt } from "../../derivations/trajectories/token-paths.js";
import { closeUpOf, epochScale, nearest } from "../epoch-axis.js";
import { epochPanel, panelHeight } from "../epoch-panel.js";
import type { Figure, FigureOptions, PageChoices } from "../figure.js";
import { formatEpoch, formatPercent } from "../format.js";
import { CHOOSE } from "../grid-reading.js";
import { stackPanels } from "../panels.js";
import { blankPanel, panelTitle, placePanels } from "../placed-panels.js";
import type { RunSummary } from "../run-summary.js";
import { keyColor } from "../theme.js";
import { drawTokenRing } from "./token-ring.js";

export interface EmbeddingTrajectoryData {
  run?: RunSummary;
  /** null where there are none; `missing` says why. */
  tokens: TokenPaths | null;
  missing?: string;
  isTwin?: boolean;
}

const NARROW = 640;
const GAP = 16;
const TITLE = 44;
const NAME = 20;
/** Checkpoints that are always in view, beside the one that is chosen. */
const MULTIPLES = 8;
const SHARES = 74;

function layout(width: number) {
  const columns = 4;
  const narrow = width < NARROW;
  const main = narrow ? width - 2 : Math.round(width * 0.4);
  const left = narrow ? 0 : main + 2 * GAP;
  const side = Math.floor((width - left - GAP * (columns - 1) - 2) / columns);
  const rows = Math.ceil(MULTIPLES / columns);
  const multiples = rows * (side + NAME + GAP) - GAP;
  const top = narrow ? TITLE + main + GAP : TITLE + Math.max(0, (main - multiples) / 2) - NAME / 2;
  const rings = narrow ? top + multiples : TITLE + main;
  return { columns, main, left, side, top, rings, height: rings + GAP + panelHeight(SHARES, false, true) };
}

/** Which plane the choices `basis` and `plane` ask for; the last one there is where there are fewer. */
function planeOf({ planes }: TokenPaths, { basis, plane }: PageChoices): number {
  const wanted = TOKEN_BASES.find((name) => name === basis) ?? TOKEN_BASES[0];
  const mine = planes.map((each, i) => ({ ...each, i })).filter((each) => each.basis === wanted);
  const asked = typeof plane === "number" ? plane : 1;
  return (mine[Math.min(mine.length, asked) - 1] ?? { i: 0 }).i;
}

/** Indices of the checkpoints that are always in view, spread evenly over those that are stored. */
function multiplesOf({ epochs }: TokenPaths): number[] {
  if (epochs.length <= MULTIPLES) return epochs.map((_, i) => i);
  return Array.from({ length: MULTIPLES }, (_, i) => Math.round((i * (epochs.length - 1)) / (MULTIPLES - 1)));
}

/** Index of the stored checkpoint nearest to the shared epoch; the last without one. */
export function checkpointAt(epochs: readonly number[], epoch: number | undefined): number {
  if (epoch === undefined) return epochs.length - 1;
  const rows = epochs.map((each, i) => ({ epoch: each, i }));
  return nearest(rows, epoch)?.i ?? epochs.length - 1;
}

function draw(data: EmbeddingTrajectoryData, options: FigureOptions): SVGSVGElement {
  const tokens = data.tokens as TokenPaths;
  const { theme, width } = options;
  const { columns, main, left, side, top, rings, height } = layout(width);
  const plane = planeOf(tokens, options);
  const { ring, name, shares } = tokens.planes[plane];
  const shown = checkpointAt(tokens.epochs, options.epoch);
  const canvas = blankPanel(width, rings, options);
  const shared = {
    residues: tokens.residues,
    ring,
    extent: extentOf(tokens, plane),
    color: keyColor(theme, tokens.ranked, ring),
  };
  const detail = `${formatPercent(shares[shown])} of the embedding’s variance lies in this plane`;
  panelTitle(canvas, { x: 0, y: 14 }, { name: `Epoch ${formatEpoch(tokens.epochs[shown])}, ${name}`, detail }, options);
  const square = { x: 1, y: TITLE, width: main - 2, height: main - 2 };
  drawTokenRing(canvas, { ...shared, xy: tokensAt(tokens, plane, shown), named: 8, radius: 3 }, square, options);
  const multiples = multiplesOf(tokens);
  if (multiples.length < 2) noteAlone(canvas, { x: left, y: top + NAME }, options);
  else
    multiples.forEach((checkpoint, i) => {
      const x = left + (i % columns) * (side + GAP);
      const y = top + Math.floor(i / columns) * (side + NAME + GAP);
      const epoch = tokens.epochs[checkpoint];
      const isShown = checkpoint === shown;
      const group = select(canvas).append("g");
      group
        .append("text")
        .attr("x", x)
        .attr("y", y + 13)
        .attr("font-size", 12)
        .attr("font-weight", isShown ? 700 : 400)
        .attr("fill", isShown ? theme.ink : theme.muted)
        .text(formatEpoch(epoch));
      const frame = { x, y: y + NAME, width: side, height: side };
      const node = group.node() as SVGGElement;
      drawTokenRing(node, { ...shared, xy: tokensAt(tokens, plane, checkpoint), radius: 1.3 }, frame, options);
      if (isShown) group.select("rect").attr("stroke", theme.ink).attr("stroke-width", 1.5);
      if (!options.interactive) return;
      node.style.cursor = "pointer";
      group
        .append("rect")
        .attr("x", x)
        .attr("y", y)
        .attr("width", side)
        .attr("height", side + NAME)
        .attr("fill", "transparent");
      node.addEventListener("click", () => {
        node.dispatchEvent(new CustomEvent(CHOOSE, { bubbles: true, detail: { epoch } }));
      });
    });
  const placed = [{ panel: canvas, x: 0, y: 0 }];
  if (multiples.length > 1) placed.push({ panel: sharesPanel(data, plane, options), x: 0, y: rings + GAP });
  const text = {
    ariaLabel: `The tokens in the plane of ${name} of the last checkpoint, at the chosen epoch and at ${multiples.length} others, with the plane’s share of the embedding’s variance`,
    ariaDescription: claim(data, options),
  };
  return stackPanels([placePanels(placed, height, options)], text, options);
}

/** In place of the small pictures, where there is nothing to compare with. */
function noteAlone(canvas: SVGSVGElement, { x, y }: { x: number; y: number }, { theme }: FigureOptions) {
  ["One set of weights is stored of this model,", "so there is no motion to show."].forEach((line, i) => {
    select(canvas)
      .append("text")
      .attr("x", x)
      .attr("y", y + 18 * (i + 1))
      .attr("font-size", 13)
      .attr("fill", theme.muted)
      .text(line);
  });
}

/** The plane's share of the embedding over the checkpoints. */
function sharesPanel({ run, ...data }: EmbeddingTrajectoryData, plane: number, options: FigureOptions): SVGSVGElement {
  const tokens = data.tokens as TokenPaths;
  const { theme } = options;
  const { ring, shares } = tokens.planes[plane];
  const points = tokens.epochs.map((epoch, i) => ({ epoch, value: shares[i] }));
  return epochPanel(
    {
      scale: epochScale(points, options.scale, run && closeUpOf(run)),
      height: SHARES,
      label: "share of the embedding’s variance in this plane",
      y: { domain: [0, Math.max(0.1, ...shares) * 1.1], ticks: 2 },
      format: (value) => formatPercent(value),
      lowest: true,
      dots: true,
      lines: [{ name: "this plane", color: keyColor(theme, tokens.ranked, ring), points }],
    },
    options,
  );
}

/** One scale for all checkpoints. */
function extentOf(tokens: TokenPaths, plane: number): number {
  let farthest = 0;
  for (let i = 0; i < tokens.epochs.length; i++) {
    for (const value of tokensAt(tokens, plane, i)) farthest = Math.max(farthest, Math.abs(value));
  }
  return 1.16 * farthest || 1;
}

function claim({ run, tokens, isTwin }: EmbeddingTrajectoryData, choices: PageChoices): string {
  if (!tokens) return "No tokens to follow";
  const { name, basis, shares, ring, ringShare } = tokens.planes[planeOf(tokens, choices)];
  const last = shares[shares.length - 1];
  const where = `${basis === "final PCs" ? name : `the plane ${name.replaceAll(" ", " ")}`} of the final embedding`;
  if (run?.config.operation === "squares") {
    return `${formatPercent(last)} of the embedding’s variance lies in ${where}; a number and its negative have one square, so numbers in their order make no ring`;
  }
  if (isTwin || ringShare < 0.5 || last < 0.08) {
    return `No ring stands out: ${name} hold${basis === "final PCs" ? "" : "s"} ${formatPercent(last)} of the embedding’s variance, hardly more than chance`;
  }
  const growth =
    shares.length > 1
      ? `grows from ${formatPercent(shares[0])} to ${formatPercent(last)} of the variance`
      : `holds ${formatPercent(last)} of the variance`;
  return `Seen in ${where}, a knot of tokens opens into a ring of k = ${ring}: the plane ${growth}`;
}

/** Tokens in a fixed plane, over training. */
export const embeddingTrajectory: Figure<EmbeddingTrajectoryData> = {
  id: "embedding-trajectory",
  number: 21,
  name: "The embedding over training",
  height: (width) => layout(width).height,
  gap: ({ tokens, missing, run }) => {
    if (tokens) return tokens.planes.length ? null : "two tokens span no plane";
    if (run && !hasCharacters(run.config.operation, run.config.modulus)) {
      return `modulus ${run.config.modulus} is not prime, so that the tokens of a product lie on no circles`;
    }
    return missing ?? "no weights of this run are stored";
  },
  claim,
  headline({ tokens }, choices) {
    const shares = tokens?.planes[planeOf(tokens, choices)].shares;
    const value = shares?.[shares.length - 1] ?? null;
    return {
      label: "share of the final embedding’s variance in the plane",
      value,
      text: value === null ? "no weights" : formatPercent(value),
    };
  },
  draw,
  rows({ tokens }, choices) {
    if (!tokens) return [];
    const plane = planeOf(tokens, choices);
    return tokens.epochs.flatMap((epoch, i) => {
      const xy = tokensAt(tokens, plane, i);
      return tokens.residues.map((token, t) => ({
        plane: tokens.planes[plane].name,
        epoch,
        token,
        x: xy[2 * t],
        y: xy[2 * t + 1],
      }));
    });
  },
  caption:
    "Every dot is a token; tokens that follow one another on the wave are joined. The plane and its scale are those of the " +
    "last checkpoint and stay fixed. Click a small picture to go to its epoch.",
  guidance: {
    shows:
      "The p number tokens at stored checkpoints, all projected onto one plane: two principal components of the final " +
      "embedding, or its own cosine and sine of a key frequency.",
    reading:
      "Follow the small pictures from left to right. A ring whose joined dots run around once is a circle of one frequency: " +
      "neighbours on the wave have become neighbours in the embedding. Since the plane never changes, all motion is real.",
    normal:
      "A tight knot at first, a disordered cloud while the pairs are memorized, then rings that open while test loss still looks flat. Each pair of the " +
      "first principal components belongs to one key frequency; together they hold nearly all of the variance.",
    wrong:
      "No ring at the end: the embedding is not built of waves. In the key plane even random weights show some of the wave, " +
      "since the plane is fitted to the tokens: there the share of the variance tells, about 3 % at random. Rings that " +
      "jump between checkpoints would mean that the basis was refitted.",
  },
};
