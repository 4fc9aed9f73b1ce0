/** What the page of tfjs-webgpu.test.ts runs. */
import { type CheckResult, checkEngine } from "../../src/training/check.js";
import { parseFixture } from "../../src/training/fixture.js";
import type { Backend } from "../../src/training/tfjs/backend.js";
import { createTfjsEngine } from "../../src/training/tfjs/engine.js";

declare global {
  /** Checks the tfjs engine against a fixture's text, here in the browser. */
  var checkTfjs: (fixture: string, backend: Backend) => Promise<CheckResult>;
}

globalThis.checkTfjs = (fixture, backend) =>
  checkEngine((problem) => createTfjsEngine(problem, { backend, wasmPaths: "/" }), parseFixture(fixture));
