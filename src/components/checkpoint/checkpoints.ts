/** Figures of a checkpoint on a page: each follows the run, the shared epoch, its choices and the null twins. */
import type { ModelTwin } from "../../analysis/model-view.js";
import { isGap } from "../../derivations/derivation.js";
import type { Figure } from "../../figures/figure.js";
import { formatEpoch } from "../../figures/format.js";
import { CHOOSE } from "../../figures/grid-reading.js";
import type { RunSummary } from "../../figures/run-summary.js";
import { trainCommand } from "../../figures/train-command.js";
import { element } from "../elements.js";
import type { FigureFrame } from "../figure-frame.js";
import type { Page, SharedChoices } from "../page.js";
import { CheckpointClient, type Wish } from "./client.js";
import type { Answer, RunWeights } from "./messages.js";
import { nearestEpoch } from "./nearest-epoch.js";
import { siteFiles } from "./site-files.js";

const MODEL_TWINS: readonly string[] = ["random weights", "memorized"] satisfies ModelTwin[];

/** Work that is done sooner is not announced in words. */
const PATIENCE_MILLISECONDS = 500;

export interface ShowOptions {
  /** Further data of the figure, from the page's tables, for the run or for the twin that stands in for it. */
  also?: (twin: ModelTwin | null) => object;
}

export interface Checkpoints {
  /**
   * Keeps a frame up to date from now on.
   *
   * @param choices names of the page's choices that the figure's derivation reads, besides the epoch
   */
  show<Data extends object>(
    frame: FigureFrame<Data>,
    figure: Figure<Data>,
    choices?: readonly string[],
    options?: ShowOptions,
  ): void;
  /** Resolves once every figure shows what is chosen: a player waits for it before it goes on. */
  idle(): Promise<void>;
}

/** @param bar the page's bar of controls, whose scrubber then stops at the stored checkpoints */
export function openCheckpoints<S extends SharedChoices>(
  page: Page<S>,
  { bar }: { bar?: { setStops(epochs: readonly number[]): void } } = {},
): Checkpoints {
  const client = new CheckpointClient(siteFiles);
  const { state } = page;
  const runs = () => ({ run: page.run(state.values.run), memorized: page.run(page.catalog.twin ?? "") });
  const followed = new WeakMap<HTMLElement, (options: ShowOptions) => void>();

  let stopsFor: string | undefined;
  const setStops = () => {
    if (stopsFor === state.values.run) return;
    stopsFor = state.values.run;
    bar?.setStops(runs().run?.checkpoints ?? []);
  };
  state.subscribe(setStops);
  setStops();

  function follow<Data extends object>(
    frame: FigureFrame<Data>,
    figure: Figure<Data>,
    choices: readonly string[],
    initial: ShowOptions,
  ) {
    const note = element("p", { class: "figure-weights" });
    frame.querySelector(".figure-body")?.before(note);
    const inView = watchView(frame);
    let { also } = initial;
    let wanted = "";

    const update = async () => {
      const twin = twinOf(state.values.twin);
      const { run, memorized } = runs();
      const wish = wishFor(figure.id, twin, state.values.epoch, run, memorized);
      if (typeof wish !== "string") wish.choices = pick(state.values, choices);
      const key = typeof wish === "string" ? wish : keyOf(wish);
      if (key === wanted) return;
      wanted = key;
      if (typeof wish === "string") {
        note.textContent = "";
        deliver({ gap: wish }, twin);
        return;
      }
      frame.wait("");
      const announce = setTimeout(() => frame.wait(`Working out ${describe(wish)}…`), PATIENCE_MILLISECONDS);
      const answer = await client.derive(figure.id, wish, inView);
      clearTimeout(announce);
      if (!answer || key !== wanted) return;
      note.textContent = noteOn(wish, answer);
      frame.dataset.milliseconds = answer.milliseconds.toFixed(0);
      deliver(answer.data, twin);
    };

    const deliver = (data: object, twin: ModelTwin | null) => {
      const whole = (isGap(data) || "failure" in data ? data : { ...data, ...also?.(twin) }) as Data;
      frame.show(whole, { twins: twin ? { [twin]: whole } : {} });
    };

    frame.addEventListener(CHOOSE, (event) => state.set((event as CustomEvent<Partial<S>>).detail));
    state.subscribe(update);
    update();
    return (options: ShowOptions) => {
      also = options.also;
      wanted = "";
      update();
    };
  }

  return {
    show(frame, figure, choices = [], options = {}) {
      const again = followed.get(frame);
      if (again) again(options);
      else followed.set(frame, follow(frame, figure, choices, options));
    },
    idle: () => client.idle(),
  };
}

const twinOf = (name: string) => (MODEL_TWINS.includes(name) ? (name as ModelTwin) : null);

const pick = (values: Record<string, unknown>, names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, values[name]]));

/** What to ask the worker for, or why there is nothing to ask for. */
function wishFor(
  figure: string,
  twin: ModelTwin | null,
  epoch: number,
  run: RunSummary | undefined,
  memorized: RunSummary | undefined,
): Wish | string {
  if (!run) return "this run is not stored; `npm run grok -- train` trains the main model";
  if (twin === "memorized") {
    if (!memorized)
      return "the run without weight decay is not stored; `npm run grok -- train --set weight_decay=0 epochs=10000` trains it";
    if (!memorized.checkpoints.length) return withoutWeights(memorized);
  } else if (!twin && !run.checkpoints.length) {
    return withoutWeights(run);
  }
  const other = twin === "memorized" && memorized ? { memorized: weightsOf(memorized) } : {};
  return { figure, run: weightsOf(run), epoch, twin, choices: {}, ...other };
}

const withoutWeights = ({ config }: RunSummary) =>
  `no weights of this run are stored; \`${trainCommand(config)}\` trains it again and keeps them`;

const weightsOf = ({
  key,
  config,
  key_frequencies,
  ranked_frequencies,
  checkpoints,
  ended,
}: RunSummary): RunWeights => ({
  ...{ key, config, key_frequencies, ranked_frequencies, checkpoints, ended },
});

/** Equal for wishes that have the same answer, unless the figure is of several checkpoints. */
const keyOf = ({ run, twin, epoch, choices }: Wish) =>
  JSON.stringify([run.key, twin, twin ? null : nearestEpoch(run.checkpoints, epoch), choices]);

function describe({ twin, run, epoch }: Wish): string {
  if (twin === "random weights") return "a model with random weights";
  if (twin) return "the run without weight decay";
  return `the weights of epoch ${formatEpoch(nearestEpoch(run.checkpoints, epoch))}`;
}

function noteOn({ twin, epoch }: Wish, { epochs }: Answer): string {
  if (twin === "random weights") return "Null twin: random weights";
  const named = `weights of epoch ${formatEpoch(epochs[0] ?? 0)}`;
  if (twin) return `Null twin without weight decay: ${named}`;
  if (epochs.length > 1) return `Weights of ${epochs.length} epochs, ${epochs.map(formatEpoch).join(", ")}`;
  const nearest = epochs[0] === epoch ? "" : `, the stored ones nearest to epoch ${formatEpoch(epoch)}`;
  return epochs.length ? `Weights of epoch ${formatEpoch(epochs[0])}${nearest}` : "";
}

/** Tells whether an element is on the screen, or nearly. */
function watchView(node: HTMLElement): () => boolean {
  let visible = true;
  new IntersectionObserver(
    ([entry]) => {
      visible = entry.isIntersecting;
    },
    { rootMargin: "200px" },
  ).observe(node);
  return () => visible;
}
