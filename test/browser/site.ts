/** The built site, served, in a headless browser: what the browser tests share. */
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { SITE_FOLDER } from "../../data-loaders/site/site-folder.js";
import { launchBrowser } from "../packaged-chromium/launch.js";
import { type StaticServer, serve } from "./static-server.js";

export const DIST = SITE_FOLDER;
/** After this a page is taken to hang, however busy the machine. */
const HANG_MILLISECONDS = 150_000;

export interface OpenedPage {
  page: Page;
  /** What went wrong so far: console errors, uncaught errors, failed or outside requests; one line each. */
  problems: string[];
  /** Addresses requested so far, without the origin. */
  requested: string[];
  close(): Promise<void>;
}

export interface OpenOptions extends BrowserContextOptions {
  /** Requests whose path matches never arrive. */
  abort?: RegExp;
  /** Requests whose path matches are answered only when the promise resolves. */
  hold?: { path: RegExp; until: Promise<void> };
}

export class Site {
  readonly #server: StaticServer;
  readonly #browser: Browser;

  private constructor(server: StaticServer, browser: Browser) {
    this.#server = server;
    this.#browser = browser;
  }

  static async open(): Promise<Site> {
    if (!existsSync(join(DIST, "index.html"))) throw new Error(`${DIST}/ holds no built site: npm run build makes one`);
    return new Site(await serve(DIST), await launchBrowser());
  }

  async close() {
    await this.#browser.close();
    await this.#server.close();
  }

  /** Opens a page in a fresh context and waits for the document, not for its data. */
  async page(path: string, { abort, hold, ...context }: OpenOptions = {}): Promise<OpenedPage> {
    const opened = await this.#browser.newContext({ viewport: { width: 1280, height: 900 }, ...context });
    const page = await opened.newPage();
    page.setDefaultTimeout(HANG_MILLISECONDS);
    const problems: string[] = [];
    const requested: string[] = [];
    const { origin } = this.#server;
    page.on("console", (message) => {
      if (message.type() === "error") problems.push(`console: ${message.text()}`);
    });
    page.on("pageerror", (error) => problems.push(`uncaught: ${error.message}`));
    page.on("requestfailed", (request) => problems.push(`failed: ${request.url()} ${request.failure()?.errorText}`));
    page.on("request", (request) => {
      const url = request.url();
      if (url.startsWith(origin)) requested.push(url.slice(origin.length));
      else if (!/^(data|blob):/.test(url)) problems.push(`outside: ${url}`);
    });
    if (abort) await page.route(abort, (route) => route.abort());
    if (hold) {
      await page.route(hold.path, async (route) => {
        await hold.until;
        await route.continue();
      });
    }
    await page.goto(origin + path, { waitUntil: "domcontentloaded" });
    return { page, problems, requested, close: () => opened.close() };
  }
}

/** Paths of all built pages: "/", "/training-dynamics", … */
export function builtPages(folder = DIST, prefix = "/"): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return name.startsWith("_") ? [] : builtPages(path, `${prefix}${name}/`);
    if (!name.endsWith(".html") || name === "404.html") return [];
    return [name === "index.html" ? prefix : prefix + name.slice(0, -".html".length)];
  });
}

/** Waits until every figure of the page has been drawn, or says why it is not. */
export async function figuresSettled(page: Page): Promise<void> {
  await page.waitForSelector(".figure, main", { state: "attached" });
  await page.waitForFunction(() => {
    const figures = [...document.querySelectorAll<HTMLElement>(".figure")];
    const loading = document.querySelector("observablehq-loading");
    return !loading && figures.every((figure) => figure.dataset.state !== "waiting");
  });
}
