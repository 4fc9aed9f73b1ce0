/** Figure 7: Fourier norms of the embedding and of the neuron–logit map (Nanda et al. 2023, section 4.1). */
import { energyShare } from "../../analysis/spectra.js";
import type { BasisSpectra, EmbeddingSpectrum } from "../../derivations/fourier/embedding-spectrum.js";
import type { Figure, FigureOptions, PageChoices } from "../figure.js";
import { formatNumber, formatPercent } from "../format.js";
import { stackPanels } from "../panels.js";
import { placePanels } from "../placed-panels.js";
import { lowerSubscripts } from "../subscripts.js";
import { frequencyPanel, frequencyPanelHeight } from "./frequency-panel.js";
import { lorenzPanel } from "./lorenz-panel.js";
import { countOf } from "./spectrum-words.js";

/** Which basis the tokens and classes are transformed in. */
export const BASES = ["right", "additive"] as const;

const HEIGHTS = { W_E: 170, W_L: 110 };
const GAP = 6;
const LORENZ = { wide: 300, gap: 36 };
const isWide = (width: number) => width >= 760;

const barsHeight =
  frequencyPanelHeight(HEIGHTS.W_E, { top: true }) + GAP + frequencyPanelHeight(HEIGHTS.W_L, { lowest: true });
const height = (width: number) => (isWide(width) ? barsHeight : barsHeight + GAP + LORENZ.wide);

const shownBasis = (data: EmbeddingSpectrum, choices: PageChoices): BasisSpectra =>
  (choices.basis === "additive" && data.additive) || data.right;

function draw(data: EmbeddingSpectrum, options: FigureOptions): SVGSVGElement {
  const { document, width, theme } = options;
  const { W_E, W_L } = shownBasis(data, options);
  const wide = isWide(width);
  const bars = { ...options, width: wide ? width - LORENZ.wide - LORENZ.gap : width };
  // Key frequencies are numbered in the right basis: in another they name other waves.
  const marked = shownBasis(data, options) === data.right ? (data.keys ?? []) : [];
  const shared = { marked, ranked: data.ranked };
  const upper = frequencyPanel(
    {
      ...shared,
      values: W_E.norms,
      height: HEIGHTS.W_E,
      label: width < 560 ? "embedding W_E: norm" : "embedding W_E, over the tokens: norm",
      note: `Gini ${formatNumber(W_E.gini, 2)}`,
      top: true,
    },
    bars,
  );
  const lower = frequencyPanel(
    {
      ...shared,
      values: W_L.norms,
      height: HEIGHTS.W_L,
      label: width < 560 ? "neuron–logit map W_L: norm" : "neuron–logit map W_L, over the classes: norm",
      note: `Gini ${formatNumber(W_L.gini, 2)}`,
      lowest: true,
    },
    bars,
  );
  const lines = [
    { name: "W_E", ...W_E, color: theme.accent },
    { name: "W_L", ...W_L, color: theme.muted, dash: "5 3" },
  ];
  const lorenz = lorenzPanel(lines, wide ? barsHeight : LORENZ.wide, {
    ...options,
    width: wide ? LORENZ.wide : Math.min(width, 420),
  });
  const text = {
    ariaLabel:
      "Bars over the frequencies: norms of the embedding and of the neuron–logit map, with their Lorenz curves",
    ariaDescription: claim(data, options),
  };
  if (!wide) return lowerSubscripts(stackPanels([upper, lower, lorenz], text, options, GAP), document);
  const block = placePanels(
    [
      { panel: upper, x: 0, y: 0 },
      { panel: lower, x: 0, y: frequencyPanelHeight(HEIGHTS.W_E, { top: true }) + GAP },
      { panel: lorenz, x: width - LORENZ.wide, y: 0 },
    ],
    barsHeight,
    options,
  );
  return lowerSubscripts(stackPanels([block], text, options), document);
}

function claim(data: EmbeddingSpectrum, choices: PageChoices): string {
  const shown = shownBasis(data, choices);
  const { norms, gini } = shown.W_E;
  const value = formatNumber(gini, 2);
  if (data.additive) {
    // The tokens of a² + b² and a³ + ab, which mix a and b, have no basis of their own.
    const [name, part] =
      data.operation === "multiply" ? ["embedding", "W_E" as const] : ["neuron–logit map", "W_L" as const];
    const [right, additive] = [data.right[part].gini, data.additive[part].gini].map((x) => formatNumber(x, 2));
    return `Gini of the ${name} ${right} in the basis of the operation, ${additive} in the additive one`;
  }
  if (gini < 0.2) return `The embedding has no favourite frequencies: the Gini coefficient of its spectrum is ${value}`;
  const share = data.keys
    ? `${countOf(data.keys.length, "key frequency holds", "key frequencies hold").toLowerCase()} ${formatPercent(energyShare(norms, data.keys))} of its energy`
    : "but no frequency is key";
  return `The embedding’s spectrum is ${gini < 0.5 ? "uneven" : "sparse"}: Gini ${value}, ${share}`;
}

/** Spectra of the embedding and the neuron–logit map. */
export const embeddingSpectrum: Figure<EmbeddingSpectrum> = {
  id: "embedding-spectrum",
  number: 7,
  name: "Embedding spectrum",
  height,
  gap: () => null,
  claim,
  headline(data, choices) {
    const { gini } = shownBasis(data, choices).W_E;
    return { label: "Gini coefficient of the embedding’s Fourier norms", value: gini, text: formatNumber(gini, 2) };
  },
  draw,
  rows({ right, additive, keys }) {
    return Array.from(right.W_E.norms, (norm, i) => ({
      frequency: i + 1,
      key: keys?.includes(i + 1) ?? false,
      W_E: norm,
      W_L: right.W_L.norms[i],
      ...(additive ? { W_E_additive: additive.W_E.norms[i] ?? null, W_L_additive: additive.W_L.norms[i] ?? null } : {}),
    }));
  },
  caption:
    "Each bar is one frequency, its cosine and sine together; the constant is left out. The curve adds the bars up from the " +
    "weakest: the further it sags below the diagonal, the sparser the spectrum. Gini is twice the area between them.",
  guidance: {
    shows:
      "How much of the embedding, and of the map from neurons to logits, lies in each frequency. Both ends of the model " +
      "have no reason to prefer any frequency, unless something between them computes with it.",
    reading:
      "Compare the two panels: the frequencies that the embedding writes should be those that the output reads. The Gini " +
      "coefficient sums up each in one number, 0 for an even spectrum, nearly 1 for a single frequency.",
    normal:
      "A few tall bars in both panels, Gini above 0.5. The embedding often has faint extra bars at twice a key frequency, " +
      "where the output has none or fewer. With random weights all bars are alike and Gini is about 0.03.",
    wrong:
      "A Gini near 0 late in training: nothing has been learnt that has a frequency, or the basis is not the one of the " +
      "operation: products need the multiplicative one. A Gini near 0.9 at random weights would mean that the constant " +
      "was counted; here it is not.",
  },
};
