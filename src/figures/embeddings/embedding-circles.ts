/** Figure 11: the tokens in W_E's own planes of its key frequencies (Nanda et al. 2023, section 4.1). */
import type { EmbeddingCirclesData, TokenCircle } from "../../derivations/embeddings/embedding-circles.js";
import type { Figure, FigureOptions } from "../figure.js";
import { formatCount, formatNumber, formatPercent } from "../format.js";
import { stackPanels } from "../panels.js";
import { lowerSubscripts } from "../subscripts.js";
import { keyColor } from "../theme.js";
import { caveat, RING_TITLE_HEIGHT, ring } from "./token-ring.js";

const GAP = 22;
/** Panels that the height is reserved for: four key frequencies and the random plane. */
const USUAL_PANELS = 5;

function layout(width: number, count: number) {
  const columns = width < 560 ? 2 : width < 1000 || count > 5 ? 3 : Math.max(3, count);
  const side = Math.min(300, Math.floor((width - GAP * (columns - 1)) / columns));
  const rows = Math.ceil(count / columns);
  return { columns, side, rows, height: rows * (side + RING_TITLE_HEIGHT + GAP) - GAP };
}

const height = (width: number) => layout(width, USUAL_PANELS).height;

function draw(data: EmbeddingCirclesData, options: FigureOptions): SVGSVGElement {
  const { document, theme, width } = options;
  const panels = [
    ...data.circles.map((circle) => ({ circle, random: false })),
    ...(data.random ? [{ circle: data.random.circle, random: true }] : []),
  ];
  const { columns, side, height: tall } = layout(width, panels.length);
  const extent = 1.24 * Math.max(...panels.map(({ circle }) => farthest(circle)));
  const root = document.createElementNS("http://www.w3.org/2000/svg", "svg") as SVGSVGElement;
  root.setAttribute("width", String(width));
  root.setAttribute("height", String(tall));
  panels.forEach(({ circle, random }, i) => {
    const asked = options.frequency === circle.frequency && !random;
    const color = random ? theme.muted : keyColor(theme, data.ranked, circle.frequency);
    const panel = ring(circle, data.residues, { side, extent, color, random, asked }, options);
    panel.setAttribute("x", String((i % columns) * (side + GAP)));
    panel.setAttribute("y", String(Math.floor(i / columns) * (side + RING_TITLE_HEIGHT + GAP)));
    panel.setAttribute("overflow", "visible");
    root.append(panel);
  });
  if (data.random && panels.length % columns !== 0) {
    const note = caveat(data.random.circle, side, options);
    note.setAttribute("x", String((panels.length % columns) * (side + GAP)));
    note.setAttribute(
      "y",
      String(Math.floor(panels.length / columns) * (side + RING_TITLE_HEIGHT + GAP) + RING_TITLE_HEIGHT),
    );
    root.append(note);
  }
  const text = {
    ariaLabel: `Tokens projected on the cosine and sine of the embedding at ${data.circles.map(({ frequency }) => `k = ${frequency}`).join(", ")}, one panel each${data.random ? ", beside such a plane of random weights" : ""}`,
    ariaDescription: claim(data),
  };
  return lowerSubscripts(stackPanels([root], text, options), document);
}

const farthest = ({ xy }: TokenCircle) => xy.reduce((max, value) => Math.max(max, Math.abs(value)), 0);

/** 0.9984 → "0.998": never rounded up to 1. */
const formatScore = (score: number) => formatNumber(Math.floor(score * 1000) / 1000, score < 0.5 ? 2 : 3);

function picked(circles: readonly TokenCircle[]): string {
  const shares = circles.map(({ waveShare }) => waveShare);
  const [low, high] = [Math.min, Math.max].map((end) => formatPercent(end(...shares), 0));
  const share = low === high ? low : `${low} to ${high}`;
  return `${share} of what is seen in planes picked for their waves is the wave`;
}

function claim({ circles, circularity, random, residues }: EmbeddingCirclesData): string {
  const score = `circularity ${formatScore(circularity)} of 1`;
  if (!random) return `Random weights hold no circles: ${score}, though ${picked(circles)}`;
  const chance = formatScore(random.circularity);
  if (circularity >= 0.9) {
    return `The embedding puts its ${formatCount(residues.length)} tokens on circles: ${score}; random weights reach ${chance}`;
  }
  if (circularity < 2 * random.circularity) {
    return `There are no circles in this embedding: ${score}, where random weights reach ${chance}`;
  }
  return `Circles are forming in the embedding: ${score}; random weights reach ${chance}`;
}

/** Tokens on W_E's own cosine and sine. */
export const embeddingCircles: Figure<EmbeddingCirclesData> = {
  id: "embedding-circles",
  number: 11,
  name: "Embedding circles",
  height,
  gap: () => null,
  claim,
  headline: ({ circularity }) => ({
    label: "circularity of the embedding (Zhong et al.)",
    value: circularity,
    text: formatScore(circularity),
  }),
  draw,
  rows: ({ circles, random, residues }) =>
    [...circles, ...(random ? [random.circle] : [])].flatMap((circle, i) =>
      Array.from(residues, (token, t) => ({
        weights: i < circles.length ? "this model" : "random",
        frequency: circle.frequency,
        token,
        turn: (circle.frequency * t) % residues.length,
        cos: circle.xy[2 * t],
        sin: circle.xy[2 * t + 1],
        share_of_plane: circle.waveShare,
        share_of_W_E: circle.energyShare,
      })),
    ),
  caption:
    "Every dot is a token, at its row of W_E projected on the embedding’s own cosine and sine of one frequency; the line " +
    "joins tokens in the order in which a perfect circle would have them. All planes have one scale, that of the bar. Such a plane is " +
    "picked to contain a wave, so even random weights show some of it there, in a blob without a hole (dashed, where it stands " +
    "beside). The share of the plane’s variance that is the wave itself tells them apart, and so does circularity, which " +
    "picks no plane.",
  guidance: {
    shows:
      "Where the numbers 0, 1, 2, … lie in the space in which the model represents them, seen in the planes of its key " +
      "frequencies. Going once around is adding p/k: neighbours on the circle differ by the inverse of k.",
    reading:
      "Look at the line first: on a circle it is smooth, in noise it zigzags across. Then at the percentage: how much of " +
      "what is seen in the plane is the wave it was picked for. Circularity looks at the first four principal " +
      "components of W_E instead, and asks how pure a wave each of them is.",
    normal:
      "Round, clean rings in every key plane, of different radii, with nearly all of the plane in the wave, and a circularity " +
      "near 1. Random weights give about half of the plane and a circularity of .07 to .09.",
    wrong:
      "A blob without a hole, as of random weights: the embedding does not use this frequency. A clean ring for some " +
      "frequencies only: the others enter later, or were lost. A flattened ring: cosine and sine are not of one size.",
  },
};
