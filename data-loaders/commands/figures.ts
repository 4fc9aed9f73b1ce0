/** `grok figures`: every figure of a run as a file, drawn without a browser by the functions of the pages. */
import { join, resolve } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { MODEL_TWINS, type ModelTwin } from "../../src/analysis/model-view.js";
import { ALL_FIGURES, type FigureEntry } from "../../src/figures/all.js";
import { CommandError } from "../command-error.js";
import { type ExportedFigure, exportFigures, FORMATS, type Format } from "../figure-export/export-figures.js";
import type { RunPair } from "../figure-export/run-figures.js";
import { exportSweep, SWEEP_NAMES } from "../figure-export/sweep-figures.js";
import { FIGURES, findRunFolder } from "../places.js";
import { listRuns, readRun } from "../run-store/store.js";
import { writeTogether } from "../run-store/write-together.js";
import { catalog } from "../tables/catalog.js";
import { siteStore, storedRuns } from "../tables/stored-runs.js";
import { wholeNumber } from "./run-options.js";

interface FiguresOptions {
  run?: string;
  sweep?: string;
  out?: string;
  format: Format[];
  only?: FigureEntry[];
  twin?: true | ModelTwin;
  epoch?: number;
}

const TWIN_NAMES = MODEL_TWINS.map((twin) => twin.replaceAll(" ", "-"));

export function figuresCommand(): Command {
  return new Command("figures")
    .description("draw every figure of a run or of a sweep into files, without a browser")
    .option("--run <key>", "key of a run, or its folder (default: the run that the site opens with)")
    .addOption(
      new Option("--sweep <name>", "the figures of a sweep, not those of a run")
        .choices(SWEEP_NAMES)
        .conflicts(["run", "only", "twin", "epoch"]),
    )
    .option("--out <dir>", "where the files go (default: figures/RUN or figures/SWEEP)")
    .option("--format <list>", `any of ${FORMATS.join(", ")}, with commas; gif is the animation`, formats, [
      "svg",
      "png",
    ])
    .option("--only <list>", "figures by name or number, with commas", only)
    .option("--twin [name]", `their null twins too: ${TWIN_NAMES.join(" or ")}; without a name all`, twin)
    .option(
      "--epoch <n>",
      "the weights stored nearest to this epoch (default: as pages open)",
      wholeNumber(0, 10_000_000),
    )
    .addHelpText(
      "after",
      `
Writes NUMBER-NAME.FORMAT for each figure and figures.json: per figure its id, title, headline number and the number of
marks drawn, or why it is not drawn. The last line of standard output is one JSON object.

Exit codes: 0 done; 1 a stored file is broken or the disk refuses; 2 bad input.`,
    )
    .action((options: FiguresOptions) => (options.sweep ? sweepFigures(options.sweep, options) : runFigures(options)));
}

const listed = (text: string) => text.split(",").map((part) => part.trim());

function formats(text: string): Format[] {
  return listed(text).map((part) => {
    const format = FORMATS.find((name) => name === part.toLowerCase());
    if (!format) throw new InvalidArgumentError(`${part || "nothing"} is no format; allowed: ${FORMATS.join(", ")}`);
    return format;
  });
}

function only(text: string): FigureEntry[] {
  return listed(text).map((part) => {
    const entry = ALL_FIGURES.find(({ figure }) => figure.id === part || String(figure.number) === part);
    if (entry) return entry;
    const names = ALL_FIGURES.map(({ figure }) => figure.id).join(", ");
    throw new InvalidArgumentError(`${part || "nothing"} is no figure; allowed: ${names}`);
  });
}

function twin(text: string): ModelTwin {
  const found = MODEL_TWINS[TWIN_NAMES.indexOf(text)];
  if (!found) throw new InvalidArgumentError(`allowed: ${TWIN_NAMES.join(", ")}`);
  return found;
}

async function runFigures(options: FiguresOptions): Promise<void> {
  const pair = runPair(options.run);
  const { key } = pair.run.record;
  const entries = options.only ? ALL_FIGURES.filter((entry) => options.only?.includes(entry)) : ALL_FIGURES;
  if (options.format.join() === "gif" && !entries.some(({ moves }) => moves)) {
    const moving = ALL_FIGURES.filter(({ moves }) => moves).map(({ figure }) => figure.id);
    throw new CommandError(`--format: gif is not allowed for these figures; allowed for: ${moving.join(", ")}`, 2);
  }
  const { figures, files } = await exportFigures(pair, entries, {
    formats: options.format,
    twins: options.twin === true ? MODEL_TWINS : options.twin ? [options.twin] : [],
    epoch: options.epoch,
    onFigure: tell,
  });
  writeFigures({ run: key }, figures, files, options.out ? resolve(options.out) : join(FIGURES, key));
}

function sweepFigures(name: string, { format, out }: FiguresOptions): void {
  if (format.includes("gif")) {
    throw new CommandError(`--format: gif is not allowed for the figures of a sweep; allowed: svg, png`, 2);
  }
  const { figures, files } = exportSweep(name, storedRuns(), format, tell);
  writeFigures({ sweep: name }, figures, files, out ? resolve(out) : join(FIGURES, name));
}

function tell({ number, id, model, gap, headline }: ExportedFigure): void {
  const which = `${number} ${id}${model === "run" || model === "sweep" ? "" : `, ${model}`}`;
  process.stderr.write(gap === null ? `${which}: ${headline?.text}\n` : `${which}: not drawn: ${gap}\n`);
}

function writeFigures(
  of: { run: string } | { sweep: string },
  figures: readonly ExportedFigure[],
  files: Map<string, Uint8Array>,
  folder: string,
): void {
  files.set("figures.json", Buffer.from(`${JSON.stringify({ ...of, figures }, null, 2)}\n`));
  writeTogether(folder, files);
  const drawn = figures.filter(({ gap }) => gap === null).length;
  const line = { ...of, folder, drawn, not_drawn: figures.length - drawn, files: files.size };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** The run that is meant, and the run without weight decay. */
function runPair(name: string | undefined): RunPair {
  const runs = storedRuns();
  const { canonical, twin: memorizedKey } = catalog(runs);
  const memorized = runs.find(({ record }) => record.key === memorizedKey);
  if (name === undefined) {
    const run = runs.find(({ record }) => record.key === canonical);
    if (!run) throw new CommandError(`no run of the main model is stored in ${siteStore()}; name another by --run`, 2);
    return { run, memorized };
  }
  const known = runs.find(({ record }) => record.key === name);
  const folder = known?.folder ?? findRunFolder(name);
  if (folder) return { run: known ?? readRun(folder), memorized };
  const keys = listRuns(siteStore()).runs.map(({ record }) => record.key);
  throw new CommandError(
    `--run: no run ${name}; allowed: a folder of a run, or ${keys.join(", ") || "none stored"}`,
    2,
  );
}
