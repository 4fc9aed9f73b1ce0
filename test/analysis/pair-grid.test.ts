import { describe, expect, it } from "vitest";
import { multiplicativeCharacters } from "../../src/analysis/characters.js";
import { primitivePowers, primitiveRoot, rootOfMinusOne } from "../../src/analysis/discrete-log.js";
import { pairGrid, rotatedGrid } from "../../src/analysis/pair-grid.js";
import { sumIndex } from "../../src/analysis/sum-directions.js";
import { labels } from "../../src/model/dataset.js";

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
    ["cubic", 11],
  ] as const)("%s mod %i: the answer's position is x + y", (operation, p) => {
    const { size, codes } = pairGrid(operation, p);
    const { positions, answers } = sumIndex(operation, p);
    expect(new Set(codes).size).toBe(size * size);
    codes.forEach((code, at) => {
      expect(positions[code]).toBe((Math.floor(at / size) + (at % size)) % answers.size);
    });
  });

  it("of a² + b² as a product: the logarithm of the answer is x + y", () => {
    const p = 13;
    const { size, codes } = rotatedGrid(p);
    const { positions } = multiplicativeCharacters(p);
    const right = labels({ operation: "squares", modulus: p });
    expect(new Set(codes).size).toBe(size * size);
    codes.forEach((code, at) => {
      expect(positions[right[code]]).toBe((Math.floor(at / size) + (at % size)) % size);
    });
  });

  it("is refused where there is none, and for a composite modulus", () => {
    expect(() => pairGrid("squares", 13)).toThrow("operation: squares is not allowed");
    expect(() => rotatedGrid(11)).toThrow("modulus: 11 is not allowed");
    expect(() => pairGrid("multiply", 15)).toThrow("modulus: 15 is not allowed");
    expect(pairGrid("subtract", 15).size).toBe(15);
  });
});
