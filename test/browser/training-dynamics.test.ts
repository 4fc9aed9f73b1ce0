/** The page of training dynamics: its choices, its history, and what happens when data do not come. */
import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { figuresSettled, Site } from "./site.js";

const PATH = "/training-dynamics";
const FIGURES = ["grokking-curves", "progress-measures", "phase-boundaries"];

let site: Site;
beforeAll(async () => {
  site = await Site.open();
});
afterAll(() => site?.close());

const drawing = (page: Page, id: string) => page.locator(`#${id} .figure-drawing`).innerHTML();
const choice = (page: Page, name: string) => new URL(page.url()).searchParams.get(name);
const slider = (page: Page) => page.getByRole("slider", { name: "Epoch" });
const settledAt = (page: Page, epoch: string) =>
  page.waitForFunction(
    (text) => document.querySelector("#phase-boundaries .figure-drawing")?.textContent?.includes(`epoch ${text}`),
    Number(epoch).toLocaleString("en-US"),
  );

it("moves the epoch of all figures by keyboard, keeps it in the address, and goes back", async () => {
  const { page, problems, close } = await site.page(PATH);
  await figuresSettled(page);
  const before = await Promise.all(FIGURES.map((id) => drawing(page, id)));
  expect(choice(page, "epoch")).toBeNull();
  await slider(page).focus();
  await page.keyboard.press("PageUp");
  await page.waitForFunction(() => new URL(location.href).searchParams.has("epoch"));
  const epoch = choice(page, "epoch") as string;
  await settledAt(page, epoch);
  const after = await Promise.all(FIGURES.map((id) => drawing(page, id)));
  for (const [i, id] of FIGURES.entries()) expect(after[i], id).not.toBe(before[i]);
  expect(await page.locator(".scrubber-epoch").textContent()).toBe(Number(epoch).toLocaleString("en-US"));

  await page.goBack();
  await page.waitForFunction(() => !new URL(location.href).searchParams.has("epoch"));
  await page.waitForFunction(([id, html]) => document.querySelector(`#${id} .figure-drawing`)?.innerHTML === html, [
    FIGURES[0],
    before[0],
  ] as const);
  expect(problems).toEqual([]);
  await close();
});

it("opens what an address says, and says what it cannot have", async () => {
  const { page, close } = await site.page(`${PATH}?epoch=400&scale=log&run=nobody`);
  await figuresSettled(page);
  await settledAt(page, "400");
  const notice = await page.locator(".control-bar .notice").textContent();
  expect(notice).toMatch(/run: “nobody” is not here; allowed: .+Showing /);
  expect(await page.getByRole("radio", { name: "log" }).isChecked()).toBe(true);
  expect(await drawing(page, "grokking-curves")).toContain("log axis from");
  await close();
});

it("changes figures by each input of the page", async () => {
  const { page, problems, close } = await site.page(PATH);
  await figuresSettled(page);
  const linear = await drawing(page, "grokking-curves");
  await page.getByRole("radio", { name: "log" }).check();
  await page.waitForFunction(() => document.querySelector("#grokking-curves")?.textContent?.includes("log axis from"));
  expect(await drawing(page, "grokking-curves")).not.toBe(linear);
  expect(choice(page, "scale")).toBe("log");

  await page.getByRole("radio", { name: "all", exact: true }).check();
  await page.waitForFunction(() =>
    document.querySelector("#progress-measures")?.textContent?.includes("restricted, all"),
  );
  expect(choice(page, "restricted")).toBe("all");

  const runs = await page.getByLabel("Run").locator("option").count();
  if (runs > 1) {
    const claim = await page.locator("#grokking-curves .figure-claim").textContent();
    await page.getByLabel("Run").selectOption({ index: 1 });
    await page.waitForFunction(
      (old) => document.querySelector("#grokking-curves .figure-claim")?.textContent !== old,
      claim,
    );
    expect(choice(page, "run")).not.toBeNull();
  }
  expect(problems).toEqual([]);
  await close();
});

it("moves the epoch by a click in a chart", async () => {
  const { page, close } = await site.page(PATH);
  await figuresSettled(page);
  const box = await page.locator("#grokking-curves svg[data-epoch-axis]").boundingBox();
  if (!box) throw new Error("the chart has no place on the page");
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 3);
  await page.waitForFunction(() => new URL(location.href).searchParams.has("epoch"));
  expect(Number(choice(page, "epoch"))).toBeGreaterThan(0);
  await close();
});

it("shows the null twin in place of the run", async () => {
  const { page, problems, close } = await site.page(PATH);
  await figuresSettled(page);
  const own = await page.locator("#grokking-curves .figure-claim").textContent();
  await page.locator("#grokking-curves").getByRole("button", { name: "without weight decay" }).click();
  await page.waitForSelector("#grokking-curves.figure--twin[data-state=ready]");
  expect(choice(page, "twin")).toBe("without weight decay");
  expect(await page.locator("#grokking-curves .figure-claim").textContent()).not.toBe(own);
  expect(problems).toEqual([]);
  await close();
});

it("draws the first figure before the database is there", async () => {
  let release = () => {};
  const until = new Promise<void>((resolve) => {
    release = resolve;
  });
  const { page, close } = await site.page(PATH, { hold: { path: /duckdb-eh.*\.wasm$/, until } });
  await page.waitForSelector("#grokking-curves[data-state=ready] svg");
  expect(await page.locator("#progress-measures").getAttribute("data-state")).toBe("waiting");
  release();
  await figuresSettled(page);
  expect(await page.locator("#progress-measures").getAttribute("data-state")).toBe("ready");
  await close();
});

it("keeps the database away from the front page", async () => {
  const { page, requested, close } = await site.page("/");
  await figuresSettled(page);
  expect(requested.filter((path) => /duckdb/.test(path))).toEqual([]);
  await close();
});

it.each([
  ["a table", /progress\.\w+\.arrow$/, ["progress-measures", "phase-boundaries"], /“progress” could not be loaded/],
  ["the database", /duckdb-eh.*\.wasm$/, ["progress-measures", "phase-boundaries"], /Not loaded: ./],
  ["the list of runs", /catalog\.\w+\.json$/, [], /./],
])("says in its place that %s is missing, and keeps the rest", async (_, abort, failing, message) => {
  const { page, close } = await site.page(PATH, { abort });
  await figuresSettled(page);
  for (const id of failing) {
    expect(await page.locator(`#${id}`).getAttribute("data-state"), id).toBe("failed");
    expect(await page.locator(`#${id} .figure-message`).textContent(), id).toMatch(message);
  }
  if (!failing.length)
    expect(await page.locator(".control-bar .notice").textContent()).toMatch(/list of runs is missing/);
  expect(await page.locator("h1").textContent()).toBe("Training dynamics");
  await page.locator("#grokking-curves summary").click();
  expect(await page.locator("#grokking-curves .guidance dt").count()).toBe(4);
  expect(await page.locator(".observablehq--error").count()).toBe(0);
  await close();
});

it("downloads figure 1 as SVG, CSV and Arrow", async () => {
  const { page, problems, close } = await site.page(PATH);
  await figuresSettled(page);
  const starts = {
    SVG: /^<svg [^>]*xmlns="http:\/\/www.w3.org\/2000\/svg"/,
    CSV: /^epoch,train_loss,test_loss/,
    Arrow: /^\uFFFD{4}/,
  };
  for (const [kind, start] of Object.entries(starts)) {
    const coming = page.waitForEvent("download");
    await page.locator("#grokking-curves").getByRole("button", { name: kind }).click();
    const download = await coming;
    expect(download.suggestedFilename()).toBe(`grokking-curves.${kind.toLowerCase()}`);
    const content = readFileSync(await download.path(), "utf8");
    expect(content).toMatch(start);
    expect(content).not.toContain("var(--");
  }
  expect(problems).toEqual([]);
  await close();
});
