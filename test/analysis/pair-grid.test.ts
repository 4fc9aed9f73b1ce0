import { describe, expect, it } from "vitest";
import { primitivePowers, primitiveRoot, rootOfMinusOne } from "../../src/analysis/discrete-log.js";
import { pairGrid } from "../../src/analysis/pair-grid.js";
import { sumIndex } from "../../src/analysis/sum-directions.js";

describe("discrete logarithms", () => {
  it("know 113", () => {
    expect(primitiveRoot(113)).toBe(3);
    expect(rootOfMinusOne(113)).toBe(15);
    expect(rootOfMinusOne(7)).toBeNull();
    expect([...primitivePowers(113)].sort((x, y) => x - y)).toEqual(Array.from({ length: 112 }, (_, i) => i + 1));
  });

  it.each([2, 9, 10, 91])("refuse %i in one line", (modulus) => {
    expect(() => primitiveRoot(modulus)).toThrow(`modulus: ${modulus} is not allowed`);
  });
});

describe("the grid in which an operation adds", () => {
  it.each([
    ["add", 11],
    ["subtract", 12],
    ["multiply", 11],
    ["squares", 13],
    ["cubic", 11],
  ] as const)("%s mod %i: the answer's position is x + y", (operation, p) => {
    const { size, codes } = pairGrid(operation, p);
    const { positions, answers } = sumIndex(operation, p);
    expect(new Set(codes).size).toBe(size * size);
    codes.forEach((code, at) => {
      expect(positions[code]).toBe((Math.floor(at / size) + (at % size)) % answers.size);
    });
  });

  it("is refused where −1 is not a square, and for a composite modulus", () => {
    expect(() => pairGrid("squares", 11)).toThrow("modulus: 11 is not allowed");
    expect(() => pairGrid("multiply", 15)).toThrow("modulus: 15 is not allowed");
    expect(pairGrid("subtract", 15).size).toBe(15);
  });
});
