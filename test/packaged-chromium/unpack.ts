/**
 * The headless Chromium and the software GPU that come with the npm package @sparticuz/chromium, unpacked once into
 * node_modules/.cache, so that tests run on a machine with nothing but Node.
 *
 * The package's own `executablePath()` unpacks into the shared temporary folder, where a half-written browser of
 * another process looks finished; here a folder appears whole, by a rename.
 */
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliDecompress } from "node:zlib";
import { tarFiles } from "./tar.js";

export interface SoftwareGpu {
  /** Folders for the loader's search path: the Vulkan loader and SwiftShader; NSS and NSPR. */
  libraryFolders: string[];
  /** The file that tells a Vulkan loader of SwiftShader, for VK_DRIVER_FILES. */
  vulkanIcd: string;
}

export interface PackagedChromium extends SoftwareGpu {
  chromiumPath: string;
  /** Folder with a fonts.conf and the fonts it names, for FONTCONFIG_PATH. */
  fontsFolder: string;
}

const decompress = promisify(brotliDecompress);
const CACHE = fileURLToPath(new URL("../../node_modules/.cache/packaged-chromium/", import.meta.url));

/**
 * SwiftShader (a Vulkan device in software), a Vulkan loader and the libraries a bare Debian lacks.
 * Well under a second once unpacked; about one the first time.
 *
 * @throws Error where the package is missing or the machine is not Linux on x86-64
 */
export async function unpackSoftwareGpu(): Promise<SoftwareGpu> {
  const graphics = await unpackOnce("swiftshader", "swiftshader.tar.br");
  const libraries = await unpackOnce("libraries", "al2023.tar.br");
  return {
    libraryFolders: [graphics, join(libraries, "lib")],
    vulkanIcd: join(graphics, "vk_swiftshader_icd.json"),
  };
}

/**
 * The packaged Chromium with all it needs beside it. Some seconds and 190 MB of disk the first time.
 *
 * @throws Error where the package is missing or the machine is not Linux on x86-64
 */
export async function unpackChromium(): Promise<PackagedChromium> {
  const gpu = await unpackSoftwareGpu();
  const fontsFolder = await unpackOnce("fonts", "fonts.tar.br");
  // Chromium looks for its graphics libraries in the folder it lies in.
  const folder = await unpackOnce("chromium", "chromium.br", "swiftshader.tar.br");
  return { ...gpu, chromiumPath: join(folder, "chromium"), fontsFolder };
}

/** Environment for a child process that shall find the unpacked libraries, SwiftShader and fonts. */
export function packagedEnvironment(unpacked: SoftwareGpu | PackagedChromium): Record<string, string> {
  const inherited = process.env.LD_LIBRARY_PATH ? [process.env.LD_LIBRARY_PATH] : [];
  return {
    LD_LIBRARY_PATH: [...unpacked.libraryFolders, ...inherited].join(":"),
    VK_DRIVER_FILES: unpacked.vulkanIcd,
    VK_ICD_FILENAMES: unpacked.vulkanIcd, // what loaders before 1.3.207 read
    ...("fontsFolder" in unpacked ? { FONTCONFIG_PATH: unpacked.fontsFolder } : {}),
  };
}

/** Unpacks archives of the package into one folder of the cache, unless it is there. Returns the folder. */
async function unpackOnce(name: string, ...archives: string[]): Promise<string> {
  const { folder: source, version } = await locatePackage();
  const target = join(CACHE, version, name);
  if (existsSync(target)) return target;
  await mkdir(dirname(target), { recursive: true });
  const partial = await mkdtemp(`${target}-partial-`);
  try {
    for (const archive of archives) await unpack(join(source, "bin", archive), partial);
    if (name === "fonts") await writeFile(join(partial, "fonts.conf"), fontConfiguration(target));
    await rename(partial, target);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    if (!existsSync(target)) throw error; // else another process was first
  }
  return target;
}

async function unpack(archive: string, folder: string): Promise<void> {
  const bytes = await decompress(await readFile(archive));
  if (!archive.endsWith(".tar.br")) {
    await writeFile(join(folder, "chromium"), bytes, { mode: 0o755 });
    return;
  }
  for (const file of tarFiles(bytes)) {
    await mkdir(dirname(join(folder, file.path)), { recursive: true });
    await writeFile(join(folder, file.path), file.bytes, { mode: 0o755 });
  }
}

/** The package's own fonts.conf names folders of another machine. */
function fontConfiguration(folder: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${join(folder, "fonts")}</dir>
  <cachedir>${join(folder, "cache")}</cachedir>
</fontconfig>
`;
}

async function locatePackage(): Promise<{ folder: string; version: string }> {
  if (process.platform !== "linux" || process.arch !== "x64") {
    throw new Error(`the packaged Chromium runs on Linux x64, not on ${process.platform} ${process.arch}`);
  }
  // Its exports hide package.json; the entry point lies two folders below the package's.
  const entry = createRequire(import.meta.url).resolve("@sparticuz/chromium");
  const folder = dirname(dirname(dirname(entry)));
  const { version } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  return { folder, version };
}
