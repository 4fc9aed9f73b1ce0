/** The page's side of the worker: one job at a time, the newest wish of each figure, none queued. */
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { CheckpointClient, type Wish } from "../../src/components/checkpoint/client.js";
import type { Answer, Job, Setup } from "../../src/components/checkpoint/messages.js";

class FakeWorker extends EventTarget {
  static made: FakeWorker[] = [];
  readonly messages: (Setup | Job)[] = [];

  constructor() {
    super();
    FakeWorker.made.push(this);
  }

  postMessage(message: Setup | Job) {
    this.messages.push(message);
  }

  get jobs(): Job[] {
    return this.messages.filter((message) => message.kind === "job");
  }

  answer(data: object = { drawn: true }) {
    const { id } = this.jobs.at(-1)!;
    this.dispatchEvent(new MessageEvent("message", { data: { id, data, epochs: [0], milliseconds: 1 } }));
  }
}

const setup: Setup = { kind: "setup", step: { relaxed: "", simd: "" }, transforms: "", checkpoints: "" };
const wish = (figure: string, epoch = 0) => ({ figure, epoch }) as unknown as Wish;
const worker = () => FakeWorker.made.at(-1)!;
let client: CheckpointClient;

beforeEach(() => {
  FakeWorker.made = [];
  vi.stubGlobal("Worker", FakeWorker);
  client = new CheckpointClient(() => setup);
});
afterEach(() => vi.unstubAllGlobals());

it("starts the worker with the first wish, and sets it up before any job", () => {
  expect(FakeWorker.made).toHaveLength(0);
  client.derive("a", wish("a"));
  expect(worker().messages.map(({ kind }) => kind)).toEqual(["setup", "job"]);
});

it("has one job under way, and of each figure the newest wish alone waits", async () => {
  const first = client.derive("a", wish("a", 0));
  const dropped = client.derive("a", wish("a", 1));
  const kept = client.derive("a", wish("a", 2));
  expect(worker().jobs).toHaveLength(1);
  expect(await dropped).toBeNull();
  worker().answer();
  expect((await first)?.data).toEqual({ drawn: true });
  expect(worker().jobs.map(({ epoch }) => epoch)).toEqual([0, 2]);
  worker().answer({ epoch: 2 });
  expect((await kept)?.data).toEqual({ epoch: 2 });
});

it("takes figures in view before others", async () => {
  client.derive("a", wish("a"));
  client.derive("hidden", wish("hidden"), () => false);
  client.derive("seen", wish("seen"), () => true);
  worker().answer();
  await Promise.resolve();
  expect(worker().jobs.map(({ figure }) => figure)).toEqual(["a", "seen"]);
});

it("is idle once every figure has what it wants", async () => {
  let idle = false;
  client.derive("a", wish("a"));
  client.derive("b", wish("b"));
  client.idle().then(() => {
    idle = true;
  });
  worker().answer();
  await new Promise((resolve) => setTimeout(resolve));
  expect(idle).toBe(false);
  worker().answer();
  await new Promise((resolve) => setTimeout(resolve));
  expect(idle).toBe(true);
  await client.idle();
});

it("says so where the worker fails, and starts another for the next wish", async () => {
  const failed = client.derive("a", wish("a"));
  worker().dispatchEvent(new Event("error"));
  expect((await failed)?.data).toEqual({ failure: "the worker could not be started" });
  const again: Promise<Answer | null> = client.derive("a", wish("a"));
  expect(FakeWorker.made).toHaveLength(2);
  worker().answer();
  expect((await again)?.data).toEqual({ drawn: true });
});
