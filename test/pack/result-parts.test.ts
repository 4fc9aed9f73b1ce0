/** Collected files: cut into parts, put together again, refused where they are not whole. */
import { randomFillSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, test } from "vitest";
import { IncomingRuns } from "../../data-loaders/pack/incoming-runs.js";
import { readTar } from "../../data-loaders/pack/read-tar.js";
import { MOST_PARTS, makeParts, openParts, parsePartName } from "../../data-loaders/pack/result-parts.js";
import { tar } from "../../data-loaders/tables/tar.js";

const folder = mkdtempSync(join(tmpdir(), "grok-parts-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Random bytes do not shrink. */
const files = new Map([
  ["a/run.json", Buffer.from("{}")],
  ["a/metrics.arrow", randomFillSync(Buffer.alloc(100_000))],
]);
const PART = 40_000;
const parts = makeParts(files, PART);
const [first] = parts.keys();
const digest = parsePartName(first)!.digest;

describe("parts", () => {
  test("are named by their archive, number and count, no larger than allowed, and give the files back", () => {
    expect([...parts.keys()]).toEqual([1, 2, 3].map((part) => `grok-runs-${digest}-${part}-of-3.part`));
    for (const [name, bytes] of parts) {
      expect(name).toMatch(/^[\w.-]+$/);
      expect(bytes.length).toBeLessThanOrEqual(PART);
    }
    const back = openParts(digest, [...parts.values()]);
    expect(back.map(({ path, bytes }) => [path, Buffer.from(bytes)])).toEqual([...files]);
    expect([...makeParts(files, PART).keys()]).toEqual([...parts.keys()]);
  });

  test("of more than fits are refused in one line", () => {
    expect(makeParts(files, 13_000).size).toBe(MOST_PARTS);
    expect(() => makeParts(files, 12_000)).toThrow(/^0\.1 MiB compressed; allowed: 8 files of 0\.0 MiB$/);
  });

  test("that are missing, swapped, cut short or altered are named", () => {
    const given = [...parts].map(([name, bytes]) => {
      writeFileSync(join(folder, name), bytes);
      return join(folder, name);
    });
    const archive = join(folder, `grok-runs-${digest}`);
    const message = (paths: string[]) => {
      try {
        new IncomingRuns(paths).close();
        return null;
      } catch (error) {
        return (error as Error).message;
      }
    };
    expect(message([given[0], given[2]])).toBe(`${archive}: part 2 of 3 is missing; nothing was merged`);
    writeFileSync(given[1], parts.get(first)!);
    expect(message(given)).toContain(`${archive}: truncated or altered`);
    writeFileSync(given[1], [...parts.values()][1].subarray(0, 100));
    expect(message(given)).toContain(`${archive}: truncated or altered`);
  });

  test("have names that say what they are", () => {
    for (const name of ["grok-runs-12345678-0-of-2.part", "grok-runs-12345678-3-of-2.part", "grok-runs-1-of-1.part"]) {
      expect(parsePartName(name), name).toBeNull();
    }
  });
});

describe("archives", () => {
  const long = `${"k".repeat(120)}/checkpoints.arrow`;
  const archive = Buffer.from(tar(new Map([[long, Buffer.from("weights")]])));

  test("hold names longer than one field", () => {
    expect(readTar(archive).map(({ path, bytes }) => [path, String(bytes)])).toEqual([[long, "weights"]]);
  });

  test("that are cut short, altered or hold links are refused", () => {
    expect(() => readTar(archive.subarray(0, 300))).toThrow("the archive ends too soon");
    expect(() => readTar(archive.subarray(0, 515))).toThrow(`the archive ends inside ${long}`);
    const altered = Buffer.from(archive);
    altered[124] = 0x37;
    expect(() => readTar(altered)).toThrow("the archive was altered");
    const link = Buffer.from(archive);
    link[156] = 0x32;
    link[153] += 2; // the checksum's last digit
    expect(() => readTar(link)).toThrow("is not a regular file");
    for (const size of ["-0000001000", "0x000000007", "7 7", "", "8"]) {
      expect(() => readTar(withSize(archive, size)), size).toThrow(`the size of ${long} is not an octal number`);
    }
    expect(readTar(withSize(archive, "     000007 "))[0].bytes).toHaveLength(7);
    expect(() => openParts("00000000", [gzipSync(archive)])).toThrow("truncated or altered");
  });
});

/** An archive whose first header gives another size, and has a checksum that fits. */
function withSize(archive: Buffer, size: string): Buffer {
  const altered = Buffer.from(archive);
  altered.write(size.padEnd(12, "\0"), 124);
  altered.write("        ", 148);
  const sum = altered.subarray(0, 512).reduce((total, byte) => total + byte, 0);
  altered.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return altered;
}
