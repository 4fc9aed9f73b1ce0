/** Plays a figure through the epochs it has pictures of: play and pause, step, speed, scrub, keyboard. */
import { bisectCenter } from "d3";
import { formatEpoch } from "../figures/format.js";
import { element } from "./elements.js";
import { Playback } from "./playback.js";

export interface Played {
  /** Epochs that there are pictures of, ascending, at this moment. */
  stops(): readonly number[];
  /** The epoch that the page has chosen. */
  epoch(): number;
  /** Shows a picture for now; called at most once per frame of the screen. */
  preview(epoch: number): void;
  /** Makes an epoch the page's choice. */
  settle(epoch: number): void;
}

export interface Player {
  node: HTMLElement;
  /** Shows the page's epoch, and stops where it is another than the one that is playing. */
  update(): void;
  /** Takes keys that are pressed anywhere within an element. */
  listen(target: HTMLElement): void;
}

/** Pictures a second. */
const SPEEDS = [2, 4, 8, 16];
const USUAL_SPEED = 4;
/** For readers who asked for less motion: single pictures, slowly. */
const CALM_SPEED = 1;

export function player(played: Played): Player {
  const button = (label: string, name: string, act: () => void) => {
    const node = element("button", { type: "button", "aria-label": name, title: name }, label);
    node.addEventListener("click", act);
    return node;
  };
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const play = button("Play", "Play (space)", () => toggle());
  const slider = element("input", { type: "range", min: 0, step: 1, "aria-label": "Epoch of the animation" });
  const readout = element("output", { class: "scrubber-epoch" });
  const speed = element(
    "select",
    { "aria-label": "Speed" },
    ...SPEEDS.map((each) => element("option", { value: each, selected: each === USUAL_SPEED }, `${each} a second`)),
  );
  const node = element(
    "div",
    {
      class: "player",
      role: "group",
      "aria-label": "Animation",
      tabindex: 0,
      "aria-keyshortcuts": "Space ArrowLeft ArrowRight Home End - +",
    },
    play,
    button("‹", "Step back (←)", () => step(-1)),
    button("›", "Step forward (→)", () => step(1)),
    element("div", { class: "scrubber" }, slider, readout),
    speed,
  );

  let playback = new Playback(0, USUAL_SPEED);
  let shown = -1;
  const rate = () => (calm.matches ? CALM_SPEED : Number(speed.value));
  const indexOf = (epoch: number) => Math.max(0, bisectCenter(played.stops() as number[], epoch));

  const display = (index: number) => {
    const stops = played.stops();
    shown = index;
    slider.max = String(Math.max(0, stops.length - 1));
    slider.value = String(index);
    slider.style.setProperty("--share", String(stops.length > 1 ? index / (stops.length - 1) : 0));
    slider.setAttribute("aria-valuetext", `epoch ${formatEpoch(stops[index] ?? 0)}`);
    readout.textContent = formatEpoch(stops[index] ?? 0);
    play.textContent = playback.playing ? "Pause" : "Play";
    play.setAttribute("aria-label", playback.playing ? "Pause (space)" : "Play (space)");
    node.dataset.playing = String(playback.playing);
  };

  const preview = (index: number) => {
    if (index !== shown) played.preview(played.stops()[index]);
    display(index);
  };

  const settle = (index: number) => {
    playback.stop();
    display(index);
    played.settle(played.stops()[index]);
  };

  // One picture per frame of the screen: the one that is due when the frame comes.
  const frame = (time: number) => {
    if (!playback.playing) return;
    const index = playback.at(time);
    if (!playback.playing) return settle(index);
    preview(index);
    requestAnimationFrame(frame);
  };

  const toggle = () => {
    if (playback.playing) return settle(shown);
    playback = new Playback(played.stops().length, rate());
    playback.start(shown, performance.now());
    requestAnimationFrame(frame);
    display(shown);
  };

  const step = (by: number) => {
    const next = Math.max(0, Math.min(played.stops().length - 1, shown + by));
    if (next !== shown || playback.playing) settle(next);
  };

  const changeSpeed = (by: number) => {
    speed.selectedIndex = Math.max(0, Math.min(SPEEDS.length - 1, speed.selectedIndex + by));
    playback.setRate(rate(), performance.now());
  };

  slider.addEventListener("input", () => {
    playback.stop();
    preview(Number(slider.value));
  });
  slider.addEventListener("change", () => settle(Number(slider.value)));
  speed.addEventListener("change", () => playback.setRate(rate(), performance.now()));
  calm.addEventListener("change", () => playback.setRate(rate(), performance.now()));

  const keys: Record<string, () => void> = {
    " ": toggle,
    ArrowLeft: () => step(-1),
    ArrowRight: () => step(1),
    Home: () => settle(0),
    End: () => settle(played.stops().length - 1),
    "-": () => changeSpeed(-1),
    "+": () => changeSpeed(1),
  };

  return {
    node,
    update() {
      const index = indexOf(played.epoch());
      if (playback.playing && index !== shown) playback.stop();
      if (!playback.playing) display(index);
    },
    listen(target) {
      target.addEventListener("keydown", (event) => {
        const act = keys[event.key];
        // Inputs have their own use for these keys, and a focused button for the space bar.
        if (!act || event.altKey || event.ctrlKey || event.metaKey) return;
        const tag = (event.target as HTMLElement).tagName;
        if (tag === "INPUT" || tag === "SELECT" || (event.key === " " && (tag === "BUTTON" || tag === "SUMMARY")))
          return;
        event.preventDefault();
        act();
      });
    },
  };
}
