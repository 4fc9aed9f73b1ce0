/** Opens a page: its catalogue of runs, its choices in the address, its bar of controls and its figures. */
import type { EpochAxisKind, Figure } from "../figures/figure.js";
import type { Catalog, RunSummary } from "../figures/run-summary.js";
import { controlBar, EPOCH_AXES } from "./control-bar.js";
import { type FigureFrame, figureFrame } from "./figure-frame.js";
import { type Loaded, readJson } from "./loading.js";
import { carryChoices } from "./page-links.js";
import { PageState } from "./page-state.js";
import { type Choices, integerWithin, oneOf, type Parameters } from "./url-state.js";

/** The choices that all pages share, by the names they have in the address. */
export interface SharedChoices extends Choices {
  /** Key of the run shown; "" while the store has none. */
  run: string;
  epoch: number;
  /** Axis of epochs. */
  scale: EpochAxisKind;
  /** Name of the null twin that stands in for the run, or "none". */
  twin: string;
}

export interface Page<S extends SharedChoices> {
  catalog: Loaded<Catalog>;
  state: PageState<S>;
  /** What is known of a run; undefined for a key that the catalogue does not have. */
  run(key: string): RunSummary | undefined;
  /** The bar of controls that stays in view. */
  bar(options?: { scale?: boolean }): HTMLElement & { setStops(epochs: readonly number[]): void };
  /** The place of a figure on this page. */
  figure<Data extends object>(figure: Figure<Data>): FigureFrame<Data>;
}

const NO_RUNS: Catalog = { runs: [], canonical: null, twin: null };

/** Choices of one page, by their names in the address; a function where they depend on the run that is shown. */
export type OwnChoices<Own extends Choices> =
  | Parameters<Own>
  | ((shownRun: (earlier: Choices) => RunSummary | undefined) => Parameters<Own>);

/**
 * Opens a page.
 *
 * @param catalogFile the page's attachment of data/catalog.json
 * @param own choices of this page alone
 * @param twins names of the null twins that figures of this page can show in place of the run
 * @param opensAt the epoch shown first: where the run grokked, or its end, for what is clearest in a finished model
 */
export async function openPage<Own extends Choices = Record<never, never>>(
  catalogFile: { name: string; json(): Promise<unknown> },
  {
    own,
    twins = [],
    opensAt = "grokked",
  }: { own?: OwnChoices<Own>; twins?: readonly string[]; opensAt?: "grokked" | "end" } = {},
): Promise<Page<SharedChoices & Own>> {
  const catalog = await readJson<Catalog>(catalogFile, { ...NO_RUNS });
  const byKey = new Map(catalog.runs.map((run) => [run.key, run]));
  const chosen = (earlier: Choices) => byKey.get(String(earlier.run));
  const shared = {
    run: oneOf(
      catalog.runs.map(({ key }) => key),
      catalog.canonical ?? catalog.runs[0]?.key ?? "",
    ),
    epoch: integerWithin(
      (earlier) => [0, chosen(earlier)?.ended.epoch ?? 0],
      (earlier) => {
        const run = chosen(earlier);
        const grokked = opensAt === "grokked" ? run?.milestones.grokked : null;
        return grokked ?? run?.ended.epoch ?? 0;
      },
    ),
    scale: oneOf(EPOCH_AXES, "close-up"),
    twin: oneOf(["none", ...twins], "none"),
  } satisfies Pick<Parameters<SharedChoices>, "run" | "epoch" | "scale" | "twin">;
  type S = SharedChoices & Own;
  const ownChoices = typeof own === "function" ? own(chosen) : own;
  const state = new PageState<S>({ ...shared, ...ownChoices } as unknown as Parameters<S>);
  carryChoices(state);
  return {
    catalog,
    state,
    run: (key) => byKey.get(key),
    bar: (options) => controlBar(state as unknown as PageState<SharedChoices>, catalog, options),
    figure: (figure) => figureFrame(figure, state as unknown as PageState<SharedChoices>, twins),
  };
}
