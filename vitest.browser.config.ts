import { defineConfig } from "vitest/config";

/** Tests in a real browser, of the site built into dist/. */
export default defineConfig({
  test: {
    include: ["test/browser/**/*.test.ts"],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // One browser at a time: its pages already keep two cores busy.
    fileParallelism: false,
  },
});
