/** Opens the page of a sweep: its grid, its choices in the address, its bar, its figures and what is missing of it. */
import * as Inputs from "@observablehq/inputs";
import type { Figure } from "../figures/figure.js";
import { SHOW_EPOCH } from "../figures/show-epoch.js";
import { MEASURES, type MeasureName } from "../figures/sweeps/measures.js";
import { OPEN_RUN, type OpenRun } from "../figures/sweeps/open-run.js";
import { inventoryOf, namedCells } from "../figures/sweeps/outcomes.js";
import { lastEpoch, type Sweep, type SweptQuantity } from "../figures/sweeps/sweep.js";
import { animationStops } from "../figures/sweeps/sweep-overlay.js";
import type { SweepGrid } from "../figures/sweeps/sweep-rows.js";
import { bindInput } from "./control-bar.js";
import { element } from "./elements.js";
import { type FigureFrame, figureFrame } from "./figure-frame.js";
import { readJson } from "./loading.js";
import type { SharedChoices } from "./page.js";
import { carryChoices } from "./page-links.js";
import { PageState } from "./page-state.js";
import { player } from "./player.js";
import { runAddress } from "./sweep-runs.js";
import { type Choices, oneOf, type Parameter, type Parameters } from "./url-state.js";

export const SWEEP_SCALES = ["log", "linear"] as const;

/** The choices of a sweep's page. The run that a reader comes with is kept for the other pages, and not shown here. */
export interface SweepChoices extends SharedChoices {
  /** What the curves show. */
  measure: MeasureName;
}

export interface SweepPage<S extends SweepChoices> {
  sweep: Sweep;
  state: PageState<S>;
  /** The cells' keys with spaces between them, for queries: `list_contains(string_split(…, ' '), cell)`. */
  cells: string;
  bar(): HTMLElement;
  figure<Data extends object>(figure: Figure<Data>): FigureFrame<Data>;
  /** Puts play, pause and a slider over epochs on the frame of the overlay. */
  animate(frame: HTMLElement): void;
  /** What of the grid is trained, what is not, and what trains it: one line. */
  inventory(): HTMLElement;
}

/**
 * Opens the page of a sweep.
 *
 * @param sweepsFile the page's attachment of data/sweeps.json
 * @param name of the grid
 * @param own further choices of this page alone
 */
export async function openSweepPage<Own extends Choices = Record<never, never>>(
  sweepsFile: { name: string; json(): Promise<unknown> },
  name: string,
  quantity: SweptQuantity,
  { own }: { own?: Parameters<Own> } = {},
): Promise<SweepPage<SweepChoices & Own>> {
  type S = SweepChoices & Own;
  const grids = await readJson<SweepGrid[]>(sweepsFile, []);
  const grid = grids.find((each) => each.name === name) ?? { name, reason: "", cells: [] };
  const sweep = { grid, quantity };
  const last = lastEpoch(sweep);
  const shared = {
    run: ANY,
    epoch: epochUpTo(last),
    scale: SCALE,
    measure: oneOf(MEASURES, "accuracy"),
    twin: oneOf(["none"], "none"),
  } satisfies Parameters<SweepChoices>;
  const state = new PageState<S>({ ...shared, ...own } as unknown as Parameters<S>);
  const choices = state as unknown as PageState<SweepChoices>;
  // The epoch of a whole sweep may be beyond the end of the run that another page shows.
  carryChoices(state, ["run", "scale"]);
  return {
    sweep,
    state,
    cells: grid.cells.map(({ cell }) => cell).join(" "),
    bar: () => sweepBar(choices, grids.failure),
    figure(figure) {
      const frame = figureFrame(figure, choices as unknown as PageState<SharedChoices>, []);
      frame.addEventListener(OPEN_RUN, (event) => open((event as CustomEvent<OpenRun>).detail));
      return frame;
    },
    animate: (frame) => animate(frame, choices, last),
    inventory: () => inventoryLine(sweep, grids.failure),
  };
}

const ANY: Parameter<string> = { initial: () => "", read: (text) => text, write: (value) => value };

/** Pages of one run have a close-up too: here that is the usual axis. */
const SCALE: Parameter<"log" | "linear"> = {
  initial: () => "log",
  write: (value) => value,
  read: (text) => (text === "linear" ? "linear" : "log"),
};

/** An epoch that another page's run has and this sweep has not is its last. */
const epochUpTo = (last: number): Parameter<number> => ({
  initial: () => last,
  write: String,
  read(text) {
    if (!/^\d{1,9}$/.test(text)) throw new RangeError(`a whole number from 0 to ${last}`);
    return Math.min(last, Number(text));
  },
});

function sweepBar(state: PageState<SweepChoices>, failure?: string): HTMLElement {
  const bar = element("div", { class: "control-bar", role: "group", "aria-label": "Controls of all figures" });
  const radio = <T extends string>(names: readonly T[], label: string, value: T) =>
    Inputs.radio(names, { label, value }) as HTMLElement & { value: T };
  bar.append(
    bindInput(state, "measure", radio(MEASURES, "Curves of", state.values.measure)),
    bindInput(state, "scale", radio(SWEEP_SCALES, "Epoch axis", state.values.scale as "log" | "linear")),
  );
  const notice = element("p", { class: "notice", role: "status" });
  bar.append(notice);
  const update = () => {
    notice.textContent = failure ? `The list of sweeps is missing: ${failure}.` : state.notices.join(" ");
    notice.hidden = notice.textContent === "";
  };
  state.subscribe(update);
  update();
  return bar;
}

function open({ run, apart }: OpenRun): void {
  const address = runAddress(run);
  if (apart) window.open(address);
  else location.assign(address);
}

function animate(frame: HTMLElement, state: PageState<SweepChoices>, last: number): void {
  const animator = player({
    stops: () => animationStops(state.values.scale, last),
    epoch: () => state.values.epoch,
    preview: (epoch) =>
      frame.querySelector(".figure-drawing > svg")?.dispatchEvent(new CustomEvent(SHOW_EPOCH, { detail: epoch })),
    settle: (epoch) => state.set({ epoch }),
  });
  animator.listen(frame);
  frame.querySelector(".figure-controls")?.append(animator.node);
  state.subscribe(() => animator.update());
  animator.update();
}

const NAMED_GAPS = 6;

function inventoryLine(sweep: Sweep, failure?: string): HTMLElement {
  if (failure) return element("p", { class: "aside" }, `What is trained of this sweep is not known: ${failure}.`);
  const { text, missing, command } = inventoryOf(sweep);
  const line = element("p", { class: "aside sweep-inventory" }, text);
  if (missing.length) {
    line.append(` Missing: ${namedCells(missing, NAMED_GAPS)}. To train them: `, element("code", {}, command));
  }
  return line;
}
