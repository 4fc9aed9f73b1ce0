/** The picker of runs, and commands in what frames say. */
import { parseHTML } from "linkedom";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { withCommands } from "../../src/components/figure-frame.js";
import { runSelect } from "../../src/components/run-select.js";
import type { RunSummary } from "../../src/figures/run-summary.js";
import { parseConfig } from "../../src/model/config.js";

beforeAll(() => void vi.stubGlobal("document", parseHTML("<!doctype html><html><body></body></html>").document));
afterAll(() => void vi.unstubAllGlobals());

const run = (seed: number, group: string, checkpoints: number[]) =>
  ({ key: `run-${seed}`, group, checkpoints, config: parseConfig({ seed }), ended: { epoch: 10 } }) as RunSummary;

it("groups runs whose weights are stored apart from the others", () => {
  const runs = [run(0, "Main model", [0, 10]), run(1, "Main model", []), run(2, "Depth", [])];
  const groups = [...runSelect(runs, "run-1").querySelectorAll("optgroup")];
  expect(groups.map((group) => [group.getAttribute("label"), group.textContent])).toEqual([
    ["Main model, weights stored", "main model, seed 0"],
    ["Main model", "main model, seed 1"],
    ["Depth", "main model, seed 2"],
  ]);
});

it("sets commands between backticks as code", () => {
  const message = document.createElement("p");
  message.append(...withCommands("not stored; `npm run x` trains it"));
  expect(message.innerHTML).toBe("not stored; <code>npm run x</code> trains it");
});
