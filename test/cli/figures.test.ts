/** `grok figures` on the small runs beside the tests. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decode } from "fast-png";
import { afterAll, expect, it } from "vitest";
import { storedRuns } from "../../data-loaders/tables/stored-runs.js";
import { sampleRuns } from "../figures/stored-sample.js";
import { grok, lastLine } from "./spawn-grok.js";

const { folder, record } = sampleRuns().trained;
const out = mkdtempSync(join(tmpdir(), "grok-figures-"));
afterAll(() => rmSync(out, { recursive: true, force: true }));

const inOut = (name: string) => join(out, name);

it("writes the figures asked for and what they say", async () => {
  const only = "grokking-curves,9";
  const ended = await grok(
    "figures",
    "--run",
    folder,
    "--out",
    inOut("some"),
    "--only",
    only,
    "--twin",
    "random-weights",
  );
  expect(ended.stderr).toContain("grokking-curves: ");
  expect(ended.code).toBe(0);
  expect(readdirSync(inOut("some")).sort()).toEqual([
    "01-grokking-curves.png",
    "01-grokking-curves.svg",
    "09-attention-patterns.png",
    "09-attention-patterns.random-weights.png",
    "09-attention-patterns.random-weights.svg",
    "09-attention-patterns.svg",
    "figures.json",
  ]);
  expect(lastLine(ended)).toMatchObject({ run: record.key, drawn: 3, not_drawn: 0, files: 7 });
  const { figures } = JSON.parse(readFileSync(join(inOut("some"), "figures.json"), "utf8"));
  expect(figures).toHaveLength(3);
  for (const figure of figures) {
    expect(figure).toMatchObject({ id: expect.any(String), title: expect.stringMatching(/\w/), gap: null });
    expect(figure.marks).toBeGreaterThan(5);
    expect(figure.headline).toMatchObject({ label: expect.any(String), text: expect.any(String) });
  }
  const { width, channels } = decode(readFileSync(join(inOut("some"), "01-grokking-curves.png")));
  expect(width).toBe(1920);
  expect(channels).toBe(4);
});

it("says of a run without weights which figures cannot be drawn, and why", async () => {
  const run = storedRuns().find((each) => !each.record.files["checkpoints.arrow"])!.record.key;
  const ended = await grok("figures", "--run", run, "--out", inOut("gap"), "--only", "1,9", "--format", "svg");
  expect(ended.stderr).toContain("9 attention-patterns: not drawn: no weights of this run are stored\n");
  expect(lastLine(ended)).toMatchObject({ drawn: 1, not_drawn: 1 });
  const { figures } = JSON.parse(readFileSync(join(inOut("gap"), "figures.json"), "utf8"));
  expect(figures[1]).toMatchObject({ title: null, marks: 0, files: [], gap: "no weights of this run are stored" });
});

it("writes the figures of a sweep", async () => {
  const ended = await grok("figures", "--sweep", "operations", "--out", inOut("sweep"), "--format", "svg");
  expect(ended.stderr).toMatch(/^2 sparsity-bases: /m);
  expect(lastLine(ended)).toMatchObject({ sweep: "operations", drawn: 4, not_drawn: 0, files: 5 });
  expect(readdirSync(inOut("sweep")).sort()).toEqual([
    "01-epochs-to-grok.svg",
    "02-sparsity-bases.svg",
    "03-sweep-overlay.svg",
    "04-sweep-curves.svg",
    "figures.json",
  ]);
  const { figures } = JSON.parse(readFileSync(join(inOut("sweep"), "figures.json"), "utf8"));
  for (const figure of figures) {
    expect(figure).toMatchObject({ page: "/sweeps/operations", model: "sweep", title: expect.stringMatching(/\d/) });
    expect(figure.marks).toBeGreaterThan(5);
  }
});

it.each([
  [["--sweep", "everything"], /^grok: .*'everything' is invalid\. Allowed choices are weight-decay, .*\n$/],
  [["--sweep", "modulus", "--epoch", "10"], /^grok: .*--sweep.* cannot be used with .*--epoch.*\n$/],
  [["--sweep", "modulus", "--format", "gif"], /^grok: --format: gif is not allowed for the figures of a sweep; .*\n$/],
  [["--only", "no-such-figure"], /^grok: .*no-such-figure is no figure; allowed: .*grokking-curves.*\n$/],
  [["--format", "bmp"], /^grok: .*bmp is no format; allowed: svg, png, gif.*\n$/],
  [["--format", "gif", "--only", "1"], /^grok: --format: gif is not allowed for these figures; allowed for: .*\n$/],
  [["--run", "no-such-run"], /^grok: --run: no run no-such-run; allowed: .*\n$/],
  [["--twin", "evil"], /^grok: .*allowed: random-weights, memorized.*\n$/],
  [["--epoch", "soon"], /^grok: .*allowed: a whole number from 0 to .*\n$/],
])("refuses %j in one line, and writes nothing", async (args, message) => {
  const ended = await grok("figures", "--out", inOut("refused"), ...args);
  expect(ended.stderr).toMatch(message);
  expect(ended.stderr.trimEnd().split("\n")).toHaveLength(1);
  expect(ended.code).toBe(2);
  expect(existsSync(inOut("refused"))).toBe(false);
});
