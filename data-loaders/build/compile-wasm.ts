/**
 * Compiles from AssemblyScript the training step, once with relaxed SIMD (fused multiply-add where the processor has it),
 * once with plain SIMD for hosts that do not know it; and the transforms of the analysis.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";

const root = fileURLToPath(new URL("../../", import.meta.url));
const folder = "src/training/wasm/compiled";

/** Pages of 64 KiB that a memory may grow to: 2 GiB. */
const MAXIMUM_PAGES = "32768";

const step = {
  source: "index.ts",
  options: [
    ...["--importMemory", "--sharedMemory", "--initialMemory", "1", "--maximumMemory", MAXIMUM_PAGES],
    ...["--enable", "threads"],
  ],
};
const modules = {
  simd: step,
  relaxed: { ...step, options: [...step.options, "--enable", "relaxed-simd"] },
  transforms: { source: "transforms.ts", options: ["--initialMemory", "1", "--maximumMemory", MAXIMUM_PAGES] },
};

await mkdir(new URL(`../../${folder}/`, import.meta.url), { recursive: true });
for (const [name, { source, options }] of Object.entries(modules)) {
  const { error, stderr, stdout } = await asc.main(
    [
      `src/training/wasm/assembly/${source}`,
      ["--baseDir", root],
      ["--outFile", `${folder}/${name}.wasm`],
      ["-O3", "--noAssert", "--converge"],
      ["--runtime", "stub", "--use", "abort="],
      ["--enable", "simd", "--enable", "bulk-memory"],
      options,
    ].flat(),
  );
  if (error) {
    process.stderr.write(`${stdout}${stderr}`);
    throw new Error(`${name}.wasm could not be compiled: ${error.message}`);
  }
}
await writeFile(new URL(`../../${folder}/.gitignore`, import.meta.url), "*\n");
