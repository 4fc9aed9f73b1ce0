/** The pages of the sweeps: their inputs, the animation, the way from a point to its run, and back. */
import { existsSync } from "node:fs";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { figuresSettled, Site } from "./site.js";

const PAGES = [
  ...["weight-decay", "train-fraction", "learning-rate", "operations", "depth"],
  ...["effective-weight-decay", "modulus", "numerics"],
].filter((name) => existsSync(`src/sweeps/${name}.md`));

let site: Site;
beforeAll(async () => {
  site = await Site.open();
});
afterAll(() => site?.close());

const choice = (page: Page, name: string) => new URL(page.url()).searchParams.get(name);
const drawing = (page: Page, id: string) => page.locator(`#${id} .figure-drawing`).innerHTML();

describe.each(PAGES)("%s", (name) => {
  it("says what is trained, draws its figures, and ends with the earlier suite", async () => {
    const { page, problems, close } = await site.page(`/sweeps/${name}`);
    await figuresSettled(page);
    expect(await page.locator(".sweep-inventory").textContent()).toMatch(/\d+ (of \d+ )?cells (is|are) trained/);
    expect(await page.locator(".figure").count()).toBeGreaterThanOrEqual(3);
    for (const state of await page.$$eval(".figure", (all) => all.map((each) => (each as HTMLElement).dataset.state))) {
      expect(state).toBe("ready");
    }
    expect(await page.locator("table.comparison tbody tr").count()).toBeGreaterThan(4);
    expect(problems).toEqual([]);
    await close();
  });
});

it("changes curves and axis by the page's inputs, keeps them in the address, and goes back", async () => {
  const { page, problems, close } = await site.page("/sweeps/weight-decay");
  await figuresSettled(page);
  const before = { overlay: await drawing(page, "sweep-overlay"), cells: await drawing(page, "sweep-curves") };
  await page.getByRole("radio", { name: "loss", exact: true }).check();
  await page.waitForFunction(() => document.querySelector("#sweep-curves")?.textContent?.includes("loss (nats"));
  await page.waitForFunction(() => document.querySelector("#sweep-overlay")?.textContent?.includes("loss (nats"));
  expect(choice(page, "measure")).toBe("loss");
  await page.getByRole("radio", { name: "linear", exact: true }).check();
  await page.waitForFunction(() => !document.querySelector("#sweep-curves")?.textContent?.includes("log axis from"));
  expect(choice(page, "scale")).toBe("linear");

  await page.goBack();
  await page.goBack();
  await page.waitForFunction(
    (old) =>
      document.querySelector("#sweep-overlay .figure-drawing")?.innerHTML === old.overlay &&
      document.querySelector("#sweep-curves .figure-drawing")?.innerHTML === old.cells,
    before,
  );
  expect(choice(page, "measure")).toBeNull();
  expect(await page.getByRole("radio", { name: "accuracy", exact: true }).isChecked()).toBe(true);
  expect(problems).toEqual([]);
  await close();
});

it("opens what an address says", async () => {
  const { page, close } = await site.page(
    "/sweeps/weight-decay?measure=loss&scale=close-up&epoch=99999999&run=anything",
  );
  await figuresSettled(page);
  expect(await page.locator("#sweep-overlay .figure-claim").textContent()).toMatch(/^(Where they end|None of)/);
  expect(await page.getByRole("radio", { name: "log", exact: true }).isChecked()).toBe(true);
  expect(await page.locator(".control-bar .notice").textContent()).toBe("");
  await page.goto(page.url().replace("measure=loss", "measure=nothing"));
  await figuresSettled(page);
  expect(await page.locator(".control-bar .notice").textContent()).toMatch(
    /measure: “nothing” is not here; allowed: accuracy, loss/,
  );
  await close();
});

it("opens the run of a point, and comes back", async () => {
  const { page, problems, close } = await site.page("/sweeps/weight-decay");
  await figuresSettled(page);
  const point = page.locator("#epochs-to-grok svg circle[r='4.5']").last();
  await point.scrollIntoViewIfNeeded();
  const box = await point.boundingBox();
  if (!box) throw new Error("no run of this sweep has grokked");
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 4 });
  await page.waitForFunction(() =>
    document.querySelector("#epochs-to-grok")?.textContent?.includes("click to open this run"),
  );
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  await page.waitForURL(/\/training-dynamics\?run=/);
  await figuresSettled(page);
  const run = choice(page, "run") as string;
  expect(await page.getByLabel("Run").inputValue()).toBe(run);
  expect(await page.locator("#grokking-curves").getAttribute("data-state")).toBe("ready");
  expect(await page.locator(".control-bar .notice").isVisible()).toBe(false);
  await page.goBack();
  await page.waitForURL(/\/sweeps\/weight-decay/);
  await figuresSettled(page);
  expect(problems).toEqual([]);
  await close();
});

it("lists every run with a link, and offers the command where its weights are not stored", async () => {
  const { page, problems, close } = await site.page("/sweeps/weight-decay");
  await figuresSettled(page);
  await page.locator(".sweep-runs summary").click();
  const links = await page.$$eval(".sweep-runs a", (all) => all.map((each) => each.getAttribute("href") as string));
  expect(links.length).toBeGreaterThan(0);
  const key = links.map((href) => new URLSearchParams(href.split("?")[1]).get("run") as string);
  const slim = key.find((each) => !each.includes("-wd1-lr1e-3-s0-"));
  if (!slim) throw new Error("the sweep has no run but the canonical one");
  await page.goto(new URL(`../fourier?run=${slim}`, page.url()).href);
  await figuresSettled(page);
  expect(await page.locator("#frequency-spectrum").getAttribute("data-state")).toBe("gap");
  const message = page.locator("#frequency-spectrum .figure-message");
  expect(await message.textContent()).toContain("no weights of this run are stored; npm run grok");
  expect(await message.locator("code").textContent()).toMatch(
    /^npm run grok -- train .*--keep-checkpoints 40 --out runs --force$/,
  );
  expect(await page.locator("#fourier-evolution").getAttribute("data-state")).toBe("ready");
  expect(problems).toEqual([]);
  await close();
});

it("plays the overlay by keyboard, one step at a time", async () => {
  const { page, problems, close } = await site.page("/sweeps/weight-decay", { reducedMotion: "reduce" });
  await figuresSettled(page);
  const claim = page.locator("#sweep-overlay .figure-claim");
  const end = await claim.textContent();
  await page.locator("#sweep-overlay .player").focus();
  await page.keyboard.press("Home");
  await page.waitForFunction((old) => document.querySelector("#sweep-overlay .figure-claim")?.textContent !== old, end);
  expect(choice(page, "epoch")).toBe("10");
  await page.keyboard.press("ArrowRight");
  await page.waitForFunction(() => Number(new URL(location.href).searchParams.get("epoch")) > 10);
  await page.keyboard.press("Space");
  await page.waitForFunction(
    () => (document.querySelector("#sweep-overlay .player") as HTMLElement).dataset.playing === "true",
  );
  const heading = await page.locator("#sweep-overlay svg text", { hasText: "at epoch" }).textContent();
  await page.waitForFunction(
    (old) => [...document.querySelectorAll("#sweep-overlay svg text")].every((node) => node.textContent !== old),
    heading,
  );
  await page.keyboard.press("Space");
  await page.keyboard.press("End");
  await page.waitForFunction((old) => document.querySelector("#sweep-overlay .figure-claim")?.textContent === old, end);
  expect(problems).toEqual([]);
  await close();
});

it.each([
  ["the runs", /sweeps\.\w+\.arrow$/, /Not loaded: the table “sweeps” could not be loaded/],
  ["the curves", /curves\.\w+\.arrow$/, /Not loaded: the table “curves” could not be loaded/],
])("says in its place that %s are missing", async (_, abort, message) => {
  const { page, close } = await site.page("/sweeps/weight-decay", { abort });
  await figuresSettled(page);
  expect(await page.locator("#sweep-curves").getAttribute("data-state")).toBe("failed");
  expect(await page.locator("#sweep-curves .figure-message").textContent()).toMatch(message);
  expect(await page.locator("h1").textContent()).toBe("Weight decay");
  await close();
});

it("says that the list of sweeps is missing", async () => {
  const { page, close } = await site.page("/sweeps/weight-decay", { abort: /sweeps\.\w+\.json$/ });
  await figuresSettled(page);
  expect(await page.locator(".control-bar .notice").textContent()).toMatch(/list of sweeps is missing/);
  expect(await page.locator("h1").textContent()).toBe("Weight decay");
  await close();
});
