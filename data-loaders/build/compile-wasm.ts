/**
 * Compiles the training step from AssemblyScript: once with relaxed SIMD (fused multiply-add where the processor has
 * it), once with plain SIMD for hosts that do not know it.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";

const root = fileURLToPath(new URL("../../", import.meta.url));
const source = "src/training/wasm/assembly/index.ts";
const folder = "src/training/wasm/compiled";

/** Pages of 64 KiB that a memory may grow to: 2 GiB. */
const MAXIMUM_PAGES = "32768";

const variants = { simd: [], relaxed: ["--enable", "relaxed-simd"] };

await mkdir(new URL(`../../${folder}/`, import.meta.url), { recursive: true });
for (const [name, features] of Object.entries(variants)) {
  const { error, stderr, stdout } = await asc.main(
    [
      source,
      ["--baseDir", root],
      ["--outFile", `${folder}/${name}.wasm`],
      ["-O3", "--noAssert", "--converge"],
      ["--runtime", "stub", "--use", "abort="],
      ["--importMemory", "--sharedMemory", "--initialMemory", "1", "--maximumMemory", MAXIMUM_PAGES],
      ["--enable", "simd", "--enable", "threads", "--enable", "bulk-memory"],
      features,
    ].flat(),
  );
  if (error) {
    process.stderr.write(`${stdout}${stderr}`);
    throw new Error(`the training step could not be compiled (${name}): ${error.message}`);
  }
}
await writeFile(new URL(`../../${folder}/.gitignore`, import.meta.url), "*\n");
