import { describe, expect, it } from "vitest";
import {
  foldedNorms,
  fourierBasis,
  frequencyCount,
  inverseRows,
  rowLabel,
  rowsOf,
  transformColumns,
  transformRows,
} from "../../src/analysis/fourier.js";
import { product, transpose } from "../../src/analysis/matrix.js";
import { noise } from "./synthetic.js";

describe("the Fourier basis", () => {
  it.each([2, 5, 7, 12, 15, 113])("is orthonormal for n = %i", (n) => {
    const F = fourierBasis(n);
    const gram = product(F, transpose(F, n, n), n, n, n);
    for (let i = 0; i < n * n; i++) expect(gram[i]).toBeCloseTo(i % (n + 1) === 0 ? 1 : 0, 12);
  });

  it("has the constant, then cosine and sine of each frequency over √(p/2)", () => {
    const p = 7;
    const F = fourierBasis(p);
    for (let t = 0; t < p; t++) {
      expect(F[t]).toBeCloseTo(1 / Math.sqrt(p), 14);
      for (let k = 1; k <= 3; k++) {
        const [cosine, sine] = rowsOf(k, p);
        expect(F[cosine * p + t]).toBeCloseTo(Math.cos((2 * Math.PI * k * t) / p) / Math.sqrt(p / 2), 14);
        expect(F[sine * p + t]).toBeCloseTo(Math.sin((2 * Math.PI * k * t) / p) / Math.sqrt(p / 2), 14);
      }
    }
    expect([0, 1, 2, 6].map(rowLabel)).toEqual(["1", "cos 1", "sin 1", "sin 3"]);
  });
});

describe("transforms", () => {
  const n = 11;
  const m = 3;
  const X = noise(1, n * m);

  it("agree with the discrete Fourier transform by its definition", () => {
    const norms = foldedNorms(transformRows(X, n, m), n, m);
    for (let k = 1; k <= frequencyCount(n); k++) {
      let power = 0;
      for (let j = 0; j < m; j++) {
        let real = 0;
        let imaginary = 0;
        for (let t = 0; t < n; t++) {
          real += X[t * m + j] * Math.cos((2 * Math.PI * k * t) / n);
          imaginary -= X[t * m + j] * Math.sin((2 * Math.PI * k * t) / n);
        }
        power += (2 / n) * (real * real + imaginary * imaginary);
      }
      expect(norms[k - 1]).toBeCloseTo(Math.sqrt(power), 12);
    }
  });

  it("are undone by their inverse, and work along either axis", () => {
    const back = inverseRows(transformRows(X, n, m), n, m);
    X.forEach((value, i) => {
      expect(back[i]).toBeCloseTo(value, 12);
    });
    const other = transpose(transformColumns(transpose(X, n, m), m, n), m, n);
    transformRows(X, n, m).forEach((value, i) => {
      expect(other[i]).toBeCloseTo(value, 12);
    });
  });

  it("count k and n − k as one frequency", () => {
    const wave = (k: number) => Float64Array.from({ length: n }, (_, t) => Math.cos((2 * Math.PI * k * t) / n + 0.3));
    const norms = (k: number) => foldedNorms(transformRows(wave(k), n, 1), n, 1);
    norms(4).forEach((norm, i) => {
      expect(norm).toBeCloseTo(i === 3 ? Math.sqrt(n / 2) : 0, 12);
    });
    expect(Array.from(norms(7), (x) => x.toFixed(10))).toEqual(Array.from(norms(4), (x) => x.toFixed(10)));
  });
});
