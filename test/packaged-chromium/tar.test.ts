import { describe, expect, it } from "vitest";
import { tarFiles } from "./tar.js";

/** One archive entry: a 512-byte header, then the bytes padded to blocks. */
function entry(path: string, content: string, type = "0"): Uint8Array {
  const bytes = new TextEncoder().encode(content);
  const block = new Uint8Array(512 + Math.ceil(bytes.length / 512) * 512);
  const write = (text: string, offset: number) => block.set(new TextEncoder().encode(text), offset);
  write(path, 0);
  write(`${bytes.length.toString(8).padStart(11, "0")}\0`, 124);
  write(type, 156);
  block.set(bytes, 512);
  return block;
}

const archive = (...entries: Uint8Array[]) => Buffer.concat([...entries, new Uint8Array(1024)]);
const read = (bytes: Uint8Array) =>
  [...tarFiles(bytes)].map(({ path, bytes }) => [path, Buffer.from(bytes).toString()]);

describe("tar archives", () => {
  it("give their regular files", () => {
    const bytes = archive(entry("lib/", "", "5"), entry("lib/a.so", "x".repeat(600)), entry("b.json", "{}"));
    expect(read(bytes)).toEqual([
      ["lib/a.so", "x".repeat(600)],
      ["b.json", "{}"],
    ]);
  });

  it("are refused where cut off or leading outside", () => {
    expect(() => read(archive(entry("a", "x".repeat(600))).subarray(0, 700))).toThrow("ends inside a");
    expect(() => read(archive(entry("../a", "x")))).toThrow("unsafe path");
  });
});
