/**
 * The place of one figure on a page: its claim above, the drawing, how to read it, the guidance card, the null twin
 * and the downloads.
 *
 * It keeps its size from the start, redraws when a choice of the page or its width changes, keeps the old picture
 * (dimmed) while data for another run are on their way, and says in place what could not be loaded or drawn.
 */
import { isGap } from "../derivations/derivation.js";
import type { Figure, FigureOptions } from "../figures/figure.js";
import { pageTheme, twinTheme } from "../figures/theme.js";
import { element, richText } from "./elements.js";
import { followPointer } from "./epoch-pointer.js";
import { downloads } from "./figure-downloads.js";
import { guidanceCard } from "./guidance-card.js";
import { failureOf } from "./loading.js";
import type { SharedChoices } from "./page.js";
import type { PageState } from "./page-state.js";
import { twinControl } from "./twin-control.js";

/** Data of a null twin, or how to get them when they are asked for. */
export type TwinData<Data> = Data | (() => Data | Promise<Data>);

export interface ShowOptions<Data> {
  /** By the twin's name, as given to `openPage`. */
  twins?: Record<string, TwinData<Data>>;
}

export interface FigureFrame<Data> extends HTMLElement {
  /** Draws data, now or when the frame has a width. Data with a `failure` (see loading.ts) say so in place. */
  show(data: Data, options?: ShowOptions<Data>): void;
  /** Dims the picture until `show` is called, and says what is awaited. */
  wait(message: string): void;
}

/** Choices whose change means that new data are on their way, so that the old picture is dimmed. */
const AWAITED = "run";

/** Makes the frame of a figure. Controls of this figure alone can be put into its `.figure-controls`. */
export function figureFrame<Data extends object>(
  figure: Figure<Data>,
  state: PageState<SharedChoices>,
  twins: readonly string[],
): FigureFrame<Data> {
  const claim = element("h3", { class: "figure-claim" });
  const controls = element("div", { class: "figure-controls" });
  const drawing = element("div", { class: "figure-drawing" });
  const message = element("p", { class: "figure-message", role: "status" });
  const body = element("div", { class: "figure-body" }, drawing, message);
  const twin = twinControl(state, twins);
  const frame = element(
    "section",
    { class: "figure", id: figure.id, "data-state": "waiting", "aria-labelledby": `${figure.id}-claim` },
    element("p", { class: "figure-name" }, `Figure ${figure.number}. ${figure.name}`),
    claim,
    controls,
    body,
    element("p", { class: "figure-caption" }, ...richText(figure.caption)),
  );
  claim.id = `${figure.id}-claim`;
  claim.textContent = figure.name;

  let data: Data | undefined;
  let twinData: ShowOptions<Data>["twins"];
  let shownFor = state.values[AWAITED];
  let requested = 0;
  let awaiting = false;

  const say = (status: "waiting" | "ready" | "gap" | "failed", text: string) => {
    frame.dataset.state = status;
    frame.setAttribute("aria-busy", String(status === "waiting"));
    message.replaceChildren(element("span", {}, ...withCommands(text)));
    message.hidden = text === "";
  };

  const options = (): FigureOptions => ({
    ...state.values,
    width: Math.max(280, Math.floor(drawing.clientWidth)),
    theme: pageTheme,
    document,
    interactive: true,
  });

  /** What is to be drawn: the run's data or the chosen twin's. */
  async function chosenData(): Promise<{ data: Data | undefined; isTwin: boolean }> {
    const source = twinData?.[state.values.twin];
    if (source === undefined) return { data, isTwin: false };
    return {
      data: typeof source === "function" ? await (source as () => Data | Promise<Data>)() : source,
      isTwin: true,
    };
  }

  async function draw() {
    const ticket = ++requested;
    await new Promise((resolve) => requestAnimationFrame(resolve));
    if (ticket !== requested || awaiting || drawing.clientWidth === 0) return;
    try {
      const chosen = await chosenData();
      if (ticket !== requested || !chosen.data) return;
      const failure = failureOf(chosen.data);
      const gap = failure ?? (isGap(chosen.data) ? chosen.data.gap : figure.gap(chosen.data, state.values));
      frame.classList.toggle("figure--twin", chosen.isTwin);
      if (gap !== null) {
        drawing.replaceChildren();
        claim.textContent = figure.name;
        say(failure === null ? "gap" : "failed", failure === null ? `Not drawn: ${gap}.` : `Not loaded: ${failure}.`);
        return;
      }
      const current = options();
      const theme = chosen.isTwin ? twinTheme(current.theme) : current.theme;
      drawing.replaceChildren(figure.draw(chosen.data, { ...current, theme }));
      claim.replaceChildren(...richText(figure.claim(chosen.data, state.values)));
      frame.dataset.headline = figure.headline(chosen.data, state.values).text;
      if (state.values[AWAITED] === shownFor || chosen.isTwin) say("ready", "");
    } catch (error) {
      drawing.replaceChildren();
      say("failed", `Not drawn: ${error instanceof Error ? error.message : String(error)}.`);
      console.error(error);
    }
  }

  const reserve = () => body.style.setProperty("min-height", `${figure.height(options().width)}px`);
  new ResizeObserver(() => {
    reserve();
    draw();
  }).observe(drawing);
  state.subscribe((values) => {
    if (values[AWAITED] !== shownFor) say("waiting", "Loading this run…");
    draw();
  });
  followPointer(drawing, (epoch) => state.set({ epoch }));

  const tools = downloads(figure, async () => ({ data: (await chosenData()).data, options: options() }));
  frame.append(
    element(
      "div",
      { class: "figure-foot" },
      guidanceCard(figure.guidance),
      element("div", { class: "figure-tools" }, twin, tools),
    ),
  );
  say("waiting", "Loading…");
  return Object.assign(frame, {
    show(shown: Data, { twins: shownTwins }: ShowOptions<Data> = {}) {
      data = shown;
      if (shownTwins) twinData = shownTwins;
      shownFor = state.values[AWAITED];
      awaiting = false;
      draw();
    },
    wait(text: string) {
      awaiting = true;
      say("waiting", text);
    },
  });
}

/** Text in which what stands between backticks, a command for a terminal, becomes <code>. */
export const withCommands = (text: string): (Node | string)[] =>
  text.split("`").map((part, i) => (i % 2 ? element("code", {}, part) : part));
