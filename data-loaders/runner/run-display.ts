/** How far a run is: a bar on a terminal, a line every ten seconds elsewhere. All on standard error. */
import { SingleBar } from "cli-progress";
import { describeEngine } from "../../src/training/engine-identity.js";
import type { MetricsRow } from "../../src/training/run-record.js";
import type { RunWatcher } from "./train-run.js";

const LINE_EVERY_MS = 10_000;
const RATE_OVER_MS = 20_000;

export interface RunDisplay extends RunWatcher {
  /** Leaves the terminal as it was; more than once is no harm. */
  close(): void;
}

export function runDisplay(stream: NodeJS.WriteStream = process.stderr): RunDisplay {
  return stream.isTTY ? barDisplay(stream) : lineDisplay(stream);
}

/** Epochs per second over the last seconds, and the time left. */
class Pace {
  #marks: { time: number; epoch: number }[] = [];
  #epochs = 0;

  start(epoch: number, epochs: number): void {
    this.#epochs = epochs;
    this.#marks = [{ time: Date.now(), epoch }];
  }

  /** @returns for example "31.4 epochs/s, 20m 12s left" */
  at(epoch: number): string {
    const time = Date.now();
    this.#marks.push({ time, epoch });
    while (this.#marks.length > 2 && time - this.#marks[1].time > RATE_OVER_MS) this.#marks.shift();
    const first = this.#marks[0];
    const rate = ((epoch - first.epoch) * 1000) / (time - first.time);
    if (!(rate > 0) || !Number.isFinite(rate)) return "… epochs/s";
    return `${rate.toPrecision(3)} epochs/s, ${duration((this.#epochs - epoch) / rate)} left`;
  }
}

export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  if (h > 0) return `${h}h ${m}m`;
  return m > 0 ? `${m}m ${s}s` : `${s}s`;
}

function losses(trainLoss: number | null, latest: MetricsRow | null): string {
  const train = trainLoss ?? latest?.train_loss;
  if (train === undefined || !latest) return "";
  const accuracy = `${(latest.test_accuracy * 100).toFixed(1)} %`;
  return `train ${train.toExponential(2)}, test ${latest.test_loss.toExponential(2)} (${accuracy})`;
}

const opening = ({ key, identity, epoch }: Parameters<RunWatcher["started"]>[0]) =>
  `${key}: ${describeEngine(identity)}${epoch > 0 ? `, from epoch ${epoch}` : ""}\n`;

function barDisplay(stream: NodeJS.WriteStream): RunDisplay {
  const pace = new Pace();
  const bar = new SingleBar({
    stream,
    format: "{bar} {value}/{total} | {losses} | {pace}",
    barsize: 20,
    hideCursor: true,
    clearOnComplete: false,
  });
  return {
    started(of) {
      stream.write(opening(of));
      pace.start(of.epoch, of.epochs);
      bar.start(of.epochs, of.epoch, { losses: "", pace: "" });
    },
    trained({ epoch, trainLoss, latest }) {
      bar.update(epoch, { losses: losses(trainLoss, latest), pace: pace.at(epoch) });
    },
    analyzing(share) {
      bar.update({ losses: "analyzing checkpoints", pace: `${Math.round(share * 100)} %` });
    },
    close: () => bar.isActive && bar.stop(),
  };
}

function lineDisplay(stream: NodeJS.WriteStream): RunDisplay {
  const pace = new Pace();
  let total = 0;
  let written = Date.now();
  const due = () => {
    if (Date.now() - written < LINE_EVERY_MS) return false;
    written = Date.now();
    return true;
  };
  return {
    started(of) {
      total = of.epochs;
      pace.start(of.epoch, of.epochs);
      stream.write(opening(of));
    },
    trained({ epoch, trainLoss, latest }) {
      const speed = pace.at(epoch);
      if (due()) stream.write(`epoch ${epoch}/${total}: ${losses(trainLoss, latest)}, ${speed}\n`);
    },
    analyzing(share) {
      if (due()) stream.write(`analyzing checkpoints: ${Math.round(share * 100)} %\n`);
    },
    close() {},
  };
}
