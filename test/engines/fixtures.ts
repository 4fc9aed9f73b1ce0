/** The reference files in test/fixtures. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Fixture, parseFixture } from "../../src/training/fixture.js";

export const FIXTURES = ["one-layer-p7", "two-layer-p5"] as const;

export const fixturePath = (name: string) => fileURLToPath(new URL(`../fixtures/${name}.json`, import.meta.url));
export const fixtureText = (name: string) => readFileSync(fixturePath(name), "utf8");
export const readFixture = (name: string): Fixture => parseFixture(fixtureText(name));
