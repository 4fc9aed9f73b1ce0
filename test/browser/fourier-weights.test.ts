/** The inputs of the pages on Fourier and weights: each changes its figure, and the back button undoes it. */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { figuresSettled, type OpenedPage, Site } from "./site.js";

let site: Site;
beforeAll(async () => {
  site = await Site.open();
});
afterAll(() => site?.close());

async function opened(path: string): Promise<OpenedPage> {
  const page = await site.page(path, { reducedMotion: "reduce" });
  await page.page.waitForSelector(".figure");
  await figuresSettled(page.page);
  return page;
}

const drawing = (page: Page, id: string) => page.$eval(`#${id}`, (node) => node.querySelector("svg")?.outerHTML ?? "");

async function until(page: Page, id: string, wanted: (svg: string) => boolean) {
  await expect.poll(async () => wanted(await drawing(page, id)), { timeout: 60_000 }).toBe(true);
  await figuresSettled(page);
}

/** Makes a choice, expects the figure to change, goes back, and expects it to be as it was. */
async function changesAndReturns(page: Page, id: string, choose: () => Promise<unknown>) {
  const before = await drawing(page, id);
  const address = page.url();
  await choose();
  await until(page, id, (svg) => svg !== before);
  expect(page.url()).not.toBe(address);
  await page.goBack();
  await until(page, id, (svg) => svg === before);
  expect(page.url()).toBe(address);
}

const controls = (page: Page, id: string) => page.locator(`#${id} .figure-controls`);
const radio = (page: Page, id: string, name: string) => () =>
  controls(page, id).getByText(name, { exact: true }).click();
const number = (page: Page, id: string, label: string, value: string) => async () => {
  const input = controls(page, id).getByLabel(label, { exact: true }).first();
  await input.fill(value);
  await input.press("Enter");
};

it("/fourier follows its inputs and the back button", async () => {
  const { page, problems, close } = await opened("/fourier");
  await changesAndReturns(page, "frequency-spectrum", radio(page, "frequency-spectrum", "A"));
  const threshold = number(page, "frequency-spectrum", "Threshold, % of the largest", "60");
  await changesAndReturns(page, "frequency-spectrum", threshold);
  const byRule = await drawing(page, "frequency-spectrum");
  await controls(page, "frequency-spectrum").getByText("C", { exact: true }).click();
  await until(page, "frequency-spectrum", (svg) => svg !== byRule);
  const share = number(page, "frequency-spectrum", "Least share of a neuron’s variance, %", "98");
  await changesAndReturns(page, "frequency-spectrum", share);
  await changesAndReturns(page, "fourier-grid", radio(page, "fourier-grid", "log"));
  await changesAndReturns(page, "fourier-evolution", radio(page, "fourier-evolution", "log"));
  await changesAndReturns(page, "spectrum-strip", radio(page, "spectrum-strip", "logits"));
  const strip = page.locator("#spectrum-strip image").first();
  await changesAndReturns(page, "embedding-spectrum", () => strip.click({ position: { x: 150, y: 100 } }));
  expect(problems).toEqual([]);
  await close();
});

it("/fourier offers the threshold of the chosen rule only", async () => {
  const { page, close } = await opened("/fourier?rule=C&fve=97");
  const labelled = (text: string) => controls(page, "frequency-spectrum").getByText(text);
  expect(await labelled("Threshold, % of the largest").isVisible()).toBe(false);
  expect(await labelled("Least share of a neuron’s variance, %").isVisible()).toBe(true);
  expect(await drawing(page, "frequency-spectrum")).toContain("above 97 %");
  await close();
});

it("/fourier holds an early checkpoint against the final model", async () => {
  const { page, problems, close } = await opened("/fourier?epoch=1000");
  const claim = () => page.locator("#frequency-spectrum .figure-claim").textContent();
  const early = await claim();
  expect(early).toMatch(/\(k = /);
  await page.goto(page.url().replace("epoch=1000", "epoch=40000"));
  await page.waitForSelector(".figure");
  await figuresSettled(page);
  const named = (text: string | null) => /\(k\s=\s[^)]*\)/.exec(text ?? "")?.[0];
  expect(named(await claim())).toBe(named(early));
  expect(problems).toEqual([]);
  await close();
});

it("/fourier shows the twins, and says of which there is no history", async () => {
  const { page, problems, close } = await opened("/fourier?twin=random+weights");
  expect(await page.locator(".figure--twin").count()).toBe(5);
  expect(await page.locator("#spectrum-strip .figure-message").textContent()).toMatch(/no history/);
  await page.getByRole("button", { name: "memorized" }).first().click();
  await until(page, "spectrum-strip", (svg) => svg !== "");
  expect(await page.locator("#fourier-evolution .figure-claim").textContent()).toMatch(/^No frequency wins/);
  expect(problems).toEqual([]);
  await close();
});

it("/weights follows its inputs and the back button", async () => {
  const { page, problems, close } = await opened("/weights");
  await changesAndReturns(page, "weight-heatmaps", radio(page, "weight-heatmaps", "raw"));
  await changesAndReturns(page, "weight-evolution", () =>
    controls(page, "weight-evolution").locator("select").selectOption({ label: "W_out" }),
  );
  await changesAndReturns(page, "weight-evolution", number(page, "weight-evolution", "Epochs", "0, 40000"));
  const first = page.locator("#weight-evolution image").first();
  await changesAndReturns(page, "weight-heatmaps", () => first.click());
  expect(problems).toEqual([]);
  await close();
});

it("falls back and says so where the address names what is not there", async () => {
  const { page, close } = await opened("/weights?matrix=W_X&epochs=1,2,3,4,5,6,7");
  const notice = await page.locator(".control-bar .notice").textContent();
  expect(notice).toContain("matrix: “W_X” is not here; allowed: W_E, W_pos");
  expect(notice).toContain("allowed: up to 6 whole numbers");
  await close();
});
