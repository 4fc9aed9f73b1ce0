/** All figures of a run as files, and what each says. */
import { MODEL_TWINS, type ModelTwin } from "../../src/analysis/model-view.js";
import { isGap } from "../../src/derivations/derivation.js";
import type { FigureEntry } from "../../src/figures/all.js";
import type { Figure, Headline, PageChoices } from "../../src/figures/figure.js";
import { Animation } from "./animate.js";
import { drawFigure } from "./draw-figure.js";
import { rasterize } from "./rasterize.js";
import { RunFigures, type RunPair } from "./run-figures.js";

export const FORMATS = ["svg", "png", "gif"] as const;
export type Format = (typeof FORMATS)[number];

const WIDTH = 960;
const PNG_SCALE = 2;
const GIF_WIDTH = 760;
/** How long a checkpoint is shown in an animation. */
const GIF_MILLISECONDS = 250;

/** One entry of figures.json. */
export interface ExportedFigure {
  id: string;
  number: number;
  page: string;
  /** What is drawn: a run itself, the null twin that stands in for it, or a sweep. */
  model: "run" | ModelTwin | "sweep";
  /** The claim; null where the figure is not drawn. */
  title: string | null;
  headline: Headline | null;
  /** Shapes and images drawn. */
  marks: number;
  /** Why it is not drawn; null where it is. */
  gap: string | null;
  files: string[];
}

export interface ExportOptions {
  formats: readonly Format[];
  /** Null twins to draw beside the run. */
  twins: readonly ModelTwin[];
  /** The stored checkpoint nearest to it is drawn; without it, each figure is drawn as its page opens. */
  epoch?: number;
  onFigure?: (figure: ExportedFigure, files: ReadonlyMap<string, Uint8Array>) => void;
}

/** Draws figures of a run, and of its twins. @returns bytes by file name, and the entries of figures.json in order */
export async function exportFigures(
  pair: RunPair,
  entries: readonly FigureEntry[],
  { formats, twins, epoch, onFigure }: ExportOptions,
): Promise<{ figures: ExportedFigure[]; files: Map<string, Uint8Array> }> {
  const files = new Map<string, Uint8Array>();
  const figures: ExportedFigure[] = [];
  for (const model of ["run", ...MODEL_TWINS.filter((twin) => twins.includes(twin))] as const) {
    const source = new RunFigures(pair, model === "run" ? null : model);
    for (const entry of entries.filter((each) => model === "run" || hasTwin(each, model))) {
      const choices = { epoch: epoch ?? openingEpoch(entry, pair), scale: "close-up" } as const;
      const { exported, drawn } = await exportOne(entry, source, model, formats, choices);
      figures.push(exported);
      for (const [name, bytes] of drawn) files.set(name, bytes);
      onFigure?.(exported, drawn);
    }
  }
  return { figures, files };
}

function openingEpoch({ opensAt }: FigureEntry, { run: { record } }: RunPair): number {
  return (opensAt === "grokked" ? record.milestones.grokked : null) ?? record.ended.epoch;
}

/** Whether a figure has this twin: nothing was trained of random weights. */
export const hasTwin = ({ ofTraining }: FigureEntry, twin: ModelTwin) => !ofTraining || twin === "memorized";

async function exportOne(
  entry: FigureEntry,
  source: RunFigures,
  model: "run" | ModelTwin,
  formats: readonly Format[],
  choices: PageChoices & { epoch: number },
): Promise<Exported> {
  const { figure, page } = entry;
  const { id, number } = figure;
  const data = await source.data(entry, choices, choices.epoch);
  const shared = { id, number, page, model };
  if (isGap(data)) return { exported: { ...shared, ...NOT_DRAWN, gap: data.gap }, drawn: new Map() };
  const { exported, drawn } = exportPicture(shared, figure, data, choices, formats);
  if (exported.gap === null && formats.includes("gif") && entry.moves && model === "run") {
    const name = `${fileName(shared)}.gif`;
    drawn.set(name, await animation(entry, source, choices));
    exported.files.push(name);
  }
  return { exported, drawn };
}

interface Exported {
  exported: ExportedFigure;
  /** Bytes by file name. */
  drawn: Map<string, Uint8Array>;
}

const NOT_DRAWN = { title: null, headline: null, marks: 0, files: [] };

type Named = Pick<ExportedFigure, "id" | "number" | "page" | "model">;

function fileName({ id, number, model }: Named): string {
  const twin = model === "run" || model === "sweep" ? "" : `.${model.replaceAll(" ", "-")}`;
  return `${String(number).padStart(2, "0")}-${id}${twin}`;
}

/** Draws one figure in the formats of a still picture. */
export function exportPicture(
  named: Named,
  figure: Figure<object>,
  data: object,
  choices: PageChoices,
  formats: readonly Format[],
): Exported {
  const gap = figure.gap(data, choices);
  const drawn = new Map<string, Uint8Array>();
  if (gap !== null) return { exported: { ...named, ...NOT_DRAWN, gap }, drawn };
  const { svg, marks } = drawFigure(figure, data, choices, WIDTH, named.model !== "run" && named.model !== "sweep");
  const name = fileName(named);
  if (formats.includes("svg")) drawn.set(`${name}.svg`, Buffer.from(svg));
  if (formats.includes("png")) drawn.set(`${name}.png`, rasterize(svg, PNG_SCALE).png());
  const title = figure.claim(data, choices);
  const headline = figure.headline(data, choices);
  return { exported: { ...named, title, headline, marks, gap: null, files: [...drawn.keys()] }, drawn };
}

/** One picture per stored checkpoint. */
async function animation(entry: FigureEntry, source: RunFigures, choices: PageChoices): Promise<Uint8Array> {
  const movie = new Animation(GIF_MILLISECONDS);
  for (const epoch of source.epochs) {
    const data = await source.data(entry, { ...choices, epoch }, epoch);
    source.forget();
    if (isGap(data) || entry.figure.gap(data, choices) !== null) continue;
    movie.add(rasterize(drawFigure(entry.figure, data, { ...choices, epoch }, GIF_WIDTH).svg, 1));
  }
  return movie.bytes();
}
