/** Starts a headless browser for tests: an installed Chrome or Chromium where there is one, else the packaged one. */
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, chromium } from "playwright-core";
import { packagedEnvironment, unpackChromium } from "./unpack.js";

/** Chromium's switches for WebGPU on SwiftShader, so that it is there without a GPU. */
export const SOFTWARE_WEBGPU = ["--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"];

const NAMES = ["google-chrome", "google-chrome-stable", "chromium", "chromium-browser", "chrome"];
const MAC_APPLICATIONS = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/**
 * Launches it. The environment variable GROK_BROWSER=packaged forces the packaged Chromium.
 *
 * @param args more switches
 */
export async function launchBrowser(args: readonly string[] = []): Promise<Browser> {
  const installed = process.env.GROK_BROWSER === "packaged" ? undefined : installedBrowser();
  // Containers run tests as root, where Chromium refuses its sandbox.
  const switches = ["--no-sandbox", ...args];
  if (installed) return chromium.launch({ executablePath: installed, args: switches });
  const packaged = await unpackChromium();
  return chromium.launch({
    executablePath: packaged.chromiumPath,
    args: [...switches, "--no-zygote", "--font-render-hinting=none"],
    env: { ...process.env, ...packagedEnvironment(packaged) } as Record<string, string>,
  });
}

/** Path of the first installed browser found. */
function installedBrowser(): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter).filter(Boolean);
  const paths = folders.flatMap((folder) => NAMES.map((name) => join(folder, name)));
  return [...paths, ...MAC_APPLICATIONS].find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
