/** How far a sweep is: a bar on a terminal, a line a minute elsewhere, and a line per run. All on standard error. */
import { SingleBar } from "cli-progress";
import type { EarlyEnd } from "../../src/training/early-end.js";
import { duration } from "../runner/run-display.js";
import { type CellOutcome, namesOf, type SweepWatcher } from "./run-sweep.js";
import { type SweepRun, workOf } from "./sweep-plan.js";

const LINE_EVERY_MS = 60_000;
/** The work that is done is summed over all runs under way, and each of them tells of itself. */
const BAR_EVERY_MS = 250;
/** Runs under way that a line names. */
const MOST_NAMED = 4;

export interface SweepDisplay extends SweepWatcher {
  /** Leaves the terminal as it was; more than once is no harm. */
  close(): void;
}

/** Epochs that a run takes at most. */
export const mostEpochs = ({ config, inFull }: SweepRun, { stopAfter, maxEpochs }: EarlyEnd): number =>
  inFull || maxEpochs === undefined ? config.epochs : Math.min(config.epochs, maxEpochs + (stopAfter ?? config.epochs));

/** Work done and to be done. What is left is an upper bound: runs that grok early end early. */
class Work {
  readonly #limits: EarlyEnd;
  readonly #began = Date.now();
  readonly #underWay = new Map<string, { run: SweepRun; first: number; epoch: number }>();
  #left: number;
  #done = 0;

  constructor(runs: readonly SweepRun[], limits: EarlyEnd) {
    this.#limits = limits;
    this.#left = runs.reduce((sum, run) => sum + this.#whole(run), 0);
  }

  #whole(run: SweepRun): number {
    return workOf(run.config, mostEpochs(run, this.#limits));
  }

  at(run: SweepRun, epoch: number): void {
    const before = this.#underWay.get(run.key);
    this.#underWay.set(run.key, { run, first: before?.first ?? epoch, epoch });
  }

  over(run: SweepRun): void {
    this.#done += this.#trained(run.key);
    this.#left -= this.#whole(run);
    this.#underWay.delete(run.key);
  }

  #trained(key: string): number {
    const at = this.#underWay.get(key);
    return at ? workOf(at.run.config, at.epoch) - workOf(at.run.config, at.first) : 0;
  }

  /** Share of all work that is done or no longer needed, and the seconds left at most (null: not known yet). */
  state(total: number): { share: number; seconds: number | null } {
    let done = this.#done;
    let left = this.#left;
    for (const { run, epoch } of this.#underWay.values()) {
      done += this.#trained(run.key);
      left -= workOf(run.config, epoch);
    }
    const elapsed = (Date.now() - this.#began) / 1000;
    return { share: 1 - left / total, seconds: done > 0 ? Math.max(0, (left * elapsed) / done) : null };
  }

  get total(): number {
    return this.#left;
  }

  get underWay(): string {
    const names = [...this.#underWay.values()].map(({ run, epoch }) => `${run.key} at epoch ${epoch}`);
    const more = names.length > MOST_NAMED ? `, and ${names.length - MOST_NAMED} more` : "";
    return `${names.slice(0, MOST_NAMED).join(", ")}${more}`;
  }
}

/** @param runs all that are to be trained */
export function sweepDisplay(
  runs: readonly SweepRun[],
  limits: EarlyEnd,
  stream: NodeJS.WriteStream = process.stderr,
): SweepDisplay {
  const work = new Work(runs, limits);
  const total = work.total;
  const bar = stream.isTTY && runs.length > 0 ? startBar(stream, runs.length) : null;
  let over = 0;
  let written = bar ? 0 : Date.now();

  const progress = () => {
    const { share, seconds } = work.state(total);
    const left = seconds === null ? "…" : `at most ${duration(seconds)} left`;
    return `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} % of the work, ${left}`;
  };
  const show = () => {
    if (Date.now() - written < (bar ? BAR_EVERY_MS : LINE_EVERY_MS)) return;
    written = Date.now();
    if (bar) return bar.update(over, { progress: progress() });
    stream.write(`${over}/${runs.length} runs, ${progress()}; under way: ${work.underWay || "none"}\n`);
  };
  return {
    began: show,
    at(run, epoch) {
      work.at(run, epoch);
      show();
    },
    over(these, how) {
      for (const run of these) {
        if (how.kind === "ended") work.at(run, how.ended.epoch);
        work.over(run);
      }
      over += these.length;
      if (bar) {
        stream.write("\r\x1b[K");
        written = 0;
      }
      stream.write(`${namesOf(these)}: ${describe(how)} (${over}/${runs.length})\n`);
      show();
    },
    close: () => bar?.stop(),
  };
}

function startBar(stream: NodeJS.WriteStream, runs: number): SingleBar {
  const bar = new SingleBar({
    stream,
    format: "{bar} {value}/{total} runs | {progress}",
    barsize: 20,
    hideCursor: true,
  });
  bar.start(runs, 0, { progress: "…" });
  return bar;
}

function describe(how: CellOutcome): string {
  if (how.kind === "stopped") return `saved at epoch ${how.epoch}`;
  if (how.kind === "present") return "stored by another process meanwhile";
  if (how.kind !== "ended") return how.message;
  const { ended, milestones, wallSeconds } = how;
  const grokked = milestones.grokked === null ? "did not grok" : `grokked at ${milestones.grokked}`;
  return `${grokked}, ${ENDINGS[ended.reason]} at epoch ${ended.epoch}, ${duration(wallSeconds)}`;
}

const ENDINGS = { complete: "complete", early: "ended early", not_finite: "ended by a loss that is not finite" };
