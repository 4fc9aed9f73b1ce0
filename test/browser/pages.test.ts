/** Every page of the built site: loads without a fault, fits a phone, is fit for a screen reader. */
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { builtPages, figuresSettled, type OpenedPage, Site } from "./site.js";

let site: Site;
beforeAll(async () => {
  site = await Site.open();
});
afterAll(() => site?.close());

const pages = builtPages();

it("has the front page and the page of training dynamics", () => {
  expect(pages).toEqual(expect.arrayContaining(["/", "/training-dynamics"]));
});

/** Serious faults that axe finds in a page, one line each. */
async function seriousFaults(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(" ")).join("; ")}`);
}

// Each page is loaded once: its tests look at it one after another.
describe.each(pages)("%s", (path) => {
  let opened: OpenedPage;
  beforeAll(async () => {
    opened = await site.page(path, { colorScheme: "light" });
    await figuresSettled(opened.page);
  });
  afterAll(() => opened?.close());

  it("draws every figure", async () => {
    const { page } = opened;
    const figures = await page.$$eval(".figure", (all) =>
      all.map((figure) => ({
        id: figure.id,
        state: (figure as HTMLElement).dataset.state,
        message: figure.querySelector(".figure-message")?.textContent,
        marks: figure.querySelectorAll("svg path, svg circle, svg rect, svg image, svg line").length,
        labelled: Boolean(figure.querySelector("svg[role=img]")?.getAttribute("aria-label")),
        claim: figure.querySelector(".figure-claim")?.textContent?.length ?? 0,
      })),
    );
    for (const figure of figures) {
      expect(figure, figure.id).toMatchObject({ state: "ready", message: "", labelled: true });
      expect(figure.marks, figure.id).toBeGreaterThan(3);
      expect(figure.claim, figure.id).toBeGreaterThan(10);
    }
    expect(await page.locator(".observablehq--error").count()).toBe(0);
    expect(await page.locator("html").getAttribute("lang")).toBe("en");
  });

  it("has no serious accessibility fault in light", async () => {
    expect(await seriousFaults(opened.page)).toEqual([]);
  });

  it("has none in dark either", async () => {
    await opened.page.emulateMedia({ colorScheme: "dark" });
    expect(await seriousFaults(opened.page)).toEqual([]);
  });

  it("fits a phone without scrolling sideways", async () => {
    const { page } = opened;
    await page.setViewportSize({ width: 390, height: 844 });
    await page.waitForFunction(() => {
      const widest = [...document.querySelectorAll(".figure-drawing svg")].map((svg) => svg.clientWidth);
      return widest.every((width) => width <= 390);
    });
    const [content, view] = await page.evaluate(() => [
      document.documentElement.scrollWidth,
      document.documentElement.clientWidth,
    ]);
    expect(content).toBeLessThanOrEqual(view);
  });

  it("has done so without an error, a failed request or an outside one", () => {
    expect(opened.problems).toEqual([]);
  });
});
