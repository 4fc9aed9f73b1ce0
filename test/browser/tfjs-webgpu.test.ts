/** The tfjs engine in a real headless browser, on each of its backends; WebGPU is SwiftShader's. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { failures, tolerance } from "../../src/training/check.js";
import type { Backend } from "../../src/training/tfjs/backend.js";
import { FIXTURES, fixtureText } from "../engines/fixtures.js";
import { launchBrowser, SOFTWARE_WEBGPU } from "../packaged-chromium/launch.js";

/** SwiftShader is hundreds of times slower than a CPU engine. */
const PATIENCE = 600_000;
/** Never connected to: the page and its files are handed to the browser. WebGPU needs a secure origin. */
const ORIGIN = "http://localhost:8099";

const wasmFolder = join(dirname(createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm")));

let browser: Browser;
let page: Page;
const complaints: string[] = [];

beforeAll(async () => {
  const entry = fileURLToPath(new URL("tfjs-page.ts", import.meta.url));
  const bundle = await build({ entryPoints: [entry], bundle: true, format: "esm", write: false, logLevel: "error" });
  const script = bundle.outputFiles[0].text;

  browser = await launchBrowser(SOFTWARE_WEBGPU);
  page = await browser.newPage();
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  await page.route("**/*", (route) => {
    const name = basename(new URL(route.request().url()).pathname);
    if (name === "")
      return route.fulfill({ contentType: "text/html", body: '<script type="module" src="page.js"></script>' });
    if (name === "page.js") return route.fulfill({ contentType: "text/javascript", body: script });
    if (name.endsWith(".wasm")) {
      return route.fulfill({ contentType: "application/wasm", body: readFileSync(join(wasmFolder, name)) });
    }
    return route.fulfill({ status: name === "favicon.ico" ? 204 : 404 });
  });
  await page.goto(`${ORIGIN}/`);
  await page.waitForFunction(() => "checkTfjs" in globalThis);
}, PATIENCE);

afterAll(() => browser?.close());

const check = (fixture: string, backend: Backend) =>
  page.evaluate(([text, name]) => globalThis.checkTfjs(text, name as Backend), [fixtureText(fixture), backend]);

describe("tfjs in the browser", () => {
  it.each(FIXTURES)("agrees with float64 PyTorch on WebGPU: %s", { timeout: PATIENCE }, async (fixture) => {
    const result = await check(fixture, "webgpu");
    expect(result.identity).toMatchObject({ name: "tfjs", variant: "webgpu" });
    expect(tolerance(result.identity)).toBe(1e-4);
    expect(failures(result), JSON.stringify(result.errors)).toEqual([]);
  });

  it.each(["wasm", "cpu"] as const)("agrees on its %s backend", { timeout: PATIENCE }, async (backend) => {
    const result = await check("two-layer-p5", backend);
    expect(result.identity).toMatchObject({ name: "tfjs", variant: backend, adapter: "cpu" });
    expect(failures(result), JSON.stringify(result.errors)).toEqual([]);
  });

  it("complains of nothing on the console", () => {
    expect(complaints).toEqual([]);
  });
});
