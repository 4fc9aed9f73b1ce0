/** The pages of logits and of trajectories: each input changes its figure, the animation plays, the history restores. */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { catalog } from "../../data-loaders/tables/catalog.js";
import { figuresSettled, type OpenedPage, type OpenOptions, Site } from "./site.js";

const { runs, canonical } = catalog();
const run = runs.find(({ key }) => key === canonical)!;
const slim = runs.find(({ checkpoints, config }) => checkpoints.length === 0 && config.modulus === run.config.modulus)!;

let site: Site;
beforeAll(async () => {
  site = await Site.open();
});
afterAll(() => site?.close());

async function opened(address: string, options?: OpenOptions): Promise<OpenedPage> {
  const page = await site.page(address, options);
  await page.page.waitForSelector(".figure");
  await figuresSettled(page.page);
  return page;
}

/** What a figure draws, as text. */
const drawing = (page: Page, id: string) => page.$eval(`#${id} .figure-drawing`, (node) => node.innerHTML);

/** Waits until a figure is drawn otherwise than it was. */
const redrawn = (page: Page, id: string, before: string) =>
  page.waitForFunction(
    ([figure, old]) => {
      const node = document.getElementById(figure);
      return node?.dataset.state === "ready" && node.querySelector(".figure-drawing")?.innerHTML !== old;
    },
    [id, before],
  );

/** Makes a choice, expects the figure to change, goes back, and expects it to be as it was. */
async function changesAndReturns(page: Page, id: string, choose: (page: Page) => Promise<unknown>) {
  // Each drawing numbers its clip paths anew.
  const picture = async () => (await drawing(page, id)).replaceAll(/plot-clip-\d+/g, "plot-clip");
  const before = await picture();
  const address = page.url();
  await choose(page);
  await expect.poll(async () => (await picture()) === before, { timeout: 60_000 }).toBe(false);
  await figuresSettled(page);
  expect(page.url()).not.toBe(address);
  await page.goBack();
  await expect.poll(async () => (await picture()) === before, { timeout: 60_000 }).toBe(true);
  expect(page.url()).toBe(address);
}

const query = (page: Page, name: string) => new URL(page.url()).searchParams.get(name);

it("changes the logits by every input, and restores them by the history", async () => {
  const { page, problems, close } = await opened("/logits");
  const inputs: [figure: string, act: (page: Page) => Promise<unknown>][] = [
    ["full-and-restricted", (p) => p.getByRole("radio", { name: "terms" }).check()],
    ["full-and-restricted", (p) => p.getByRole("radio", { name: "blocks" }).check()],
    ["full-and-restricted", (p) => p.getByLabel("Leave out").selectOption({ index: 1 })],
    ["full-and-restricted", (p) => p.locator("#full-and-restricted input[type=number]").first().fill("77")],
    ["full-and-restricted", (p) => p.locator("#full-and-restricted input[type=number]").last().fill("99")],
    ["correct-logit-surface", (p) => p.getByRole("radio", { name: "the two numbers" }).check()],
    ["correct-logit-surface", (p) => p.getByLabel("Order along the axes").selectOption({ label: "natural" })],
    ["correct-logit-surface", (p) => p.locator("#correct-logit-surface input[type=range]").first().press("ArrowRight")],
    ["correct-logit-surface", (p) => p.locator("#correct-logit-surface input[type=range]").last().press("ArrowUp")],
    ["per-sample-loss", (p) => p.getByRole("radio", { name: "together" }).check()],
  ];
  for (const [figure, act] of inputs) await changesAndReturns(page, figure, act);
  expect(problems).toEqual([]);
  await close();
});

it("turns the surface with the pointer, and chooses a pair by a click", async () => {
  const { page, problems, close } = await opened("/logits?a=1&b=2");
  const surface = page.locator("#correct-logit-surface .figure-drawing svg svg svg").first();
  await surface.scrollIntoViewIfNeeded();
  const box = (await surface.boundingBox())!;
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  const before = await drawing(page, "correct-logit-surface");
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + 100, y - 20, { steps: 5 });
  // While it is being turned the address stays, and so do the other figures.
  expect(query(page, "azimuth")).toBeNull();
  await page.mouse.up();
  await redrawn(page, "correct-logit-surface", before);
  expect(query(page, "azimuth")).toBe("350");
  expect(query(page, "elevation")).toBe("30");
  const map = page.locator("#per-sample-loss image").first();
  await map.click({ position: { x: 60, y: 30 } });
  await page.waitForFunction(() => Number(new URL(location.href).searchParams.get("a")) > 1);
  expect(problems).toEqual([]);
  await close();
});

it("changes the trajectories by every input, restores them, and shows their twins", async () => {
  const { page, problems, close } = await opened("/trajectories");
  const inputs: [figure: string, act: (page: Page) => Promise<unknown>][] = [
    ["embedding-trajectory", (p) => p.locator("#embedding-trajectory select").selectOption({ index: 1 })],
    ["embedding-trajectory", (p) => p.getByRole("radio", { name: "key plane" }).check()],
    ["embedding-trajectory", (p) => p.getByRole("radio", { name: "linear", exact: true }).check()],
    ["embedding-trajectory", (p) => p.locator("#embedding-trajectory svg g[style*=pointer]").nth(2).click()],
    ["parameter-path", (p) => p.getByRole("radio", { name: "2 and 3" }).check()],
    ["synchronized-animation", (p) => p.getByRole("radio", { name: "log", exact: true }).check()],
  ];
  for (const [figure, act] of inputs) await changesAndReturns(page, figure, act);
  const before = await drawing(page, "parameter-path");
  await page.locator("#parameter-path").getByRole("button", { name: "memorized" }).click();
  await redrawn(page, "parameter-path", before);
  const claims = await page.$$eval(".figure-claim", (all) => all.map(({ textContent }) => textContent));
  expect(claims[0]).toContain("No ring stands out");
  expect(claims[1]).toContain("they do not take its turn");
  expect(claims[2]).toContain("Nothing gathers");
  await page.locator("#parameter-path").getByRole("button", { name: "random weights" }).click();
  await page.waitForFunction(() => document.getElementById("parameter-path")?.dataset.state === "gap");
  expect(problems).toEqual([]);
  await close();
});

const animated = "#synchronized-animation";
const player = (page: Page) => page.locator(`${animated} .player`);
const readout = (page: Page) => player(page).locator("output").textContent();
const written = (n: number) => n.toLocaleString("en-US");

it("steps, plays, pauses and scrubs by buttons and by keys, and leaves out what is late", async () => {
  const { page, problems, close } = await opened(`/trajectories?epoch=${run.checkpoints[5]}`);
  const at = (index: number) =>
    page.waitForFunction(
      ([figure, text]) => document.querySelector(`${figure} output`)?.textContent === text,
      [animated, written(run.checkpoints[index])],
    );
  await at(5);
  await player(page)
    .getByRole("button", { name: /Step forward/ })
    .click();
  await at(6);
  expect(query(page, "epoch")).toBe(String(run.checkpoints[6]));
  await player(page).focus();
  await page.keyboard.press("ArrowLeft");
  await at(5);
  await page.keyboard.press("End");
  await at(run.checkpoints.length - 1);
  await page.keyboard.press("Home");
  await at(0);
  const before = await drawing(page, "synchronized-animation");
  const history = await page.evaluate(() => window.history.length);
  await page.keyboard.press("Space");
  expect(await player(page).getAttribute("data-playing")).toBe("true");
  await redrawn(page, "synchronized-animation", before);
  // Playing makes no history; pausing makes the picture shown the page's choice.
  expect(await page.evaluate(() => window.history.length)).toBe(history);
  await page.keyboard.press("Space");
  expect(await player(page).getAttribute("data-playing")).toBe("false");
  await page.waitForFunction(
    (figure) =>
      Number(document.querySelector(`${figure} output`)?.textContent?.replaceAll(",", "")) ===
      Number(new URL(location.href).searchParams.get("epoch")),
    animated,
  );
  const paused = await readout(page);
  await page.waitForTimeout(700);
  expect(await readout(page)).toBe(paused);
  await player(page).locator("input[type=range]").press("ArrowRight");
  await page.waitForFunction(
    ([figure, old]) => document.querySelector(`${figure} output`)?.textContent !== old,
    [animated, paused ?? ""],
  );
  expect(problems).toEqual([]);
  await close();
});

it("plays to its end and stops there", async () => {
  const from = run.checkpoints.length - 4;
  const { page, problems, close } = await opened(`/trajectories?epoch=${run.checkpoints[from]}`);
  await player(page).locator("select").selectOption("16");
  await player(page).getByRole("button", { name: /Play/ }).click();
  await page.waitForFunction(
    ([figure, text]) =>
      document.querySelector(`${figure} output`)?.textContent === text &&
      (document.querySelector(`${figure} .player`) as HTMLElement).dataset.playing === "false",
    [animated, written(run.ended.epoch)],
  );
  expect(query(page, "epoch")).toBe(String(run.ended.epoch));
  expect(problems).toEqual([]);
  await close();
});

it("says what is missing of a run without weights, and what could not be loaded", async () => {
  const without = await opened(`/trajectories?run=${slim.key}`);
  const messages = await without.page.$$eval(".figure-message", (all) => all.map(({ textContent }) => textContent));
  expect(messages[0]).toContain("no weights of this run are stored; npm run grok -- train");
  expect(messages[1]).toContain("neither a path nor its last weights are stored");
  expect(await without.page.locator(animated).getAttribute("data-state")).toBe("ready");
  expect(without.problems).toEqual([]);
  await without.close();
  const broken = await opened("/trajectories", { abort: /trajectory\.[^/]*arrow/ });
  const texts = await broken.page.$$eval(".figure-message", (all) => all.map(({ textContent }) => textContent));
  expect(texts[0]).toMatch(/^Not loaded: the table “trajectory” could not be loaded/);
  await broken.close();
});
