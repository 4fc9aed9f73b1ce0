/**
 * The two loops in which the analysis of a checkpoint spends its time, in float64 on two lanes: dense products, and the
 * sums of maps over the lines of a grid. A module of its own: memory is plain, one thread, no training step.
 */

/** First byte of memory that the module itself does not use. */
export function heapBase(): usize {
  return __heap_base;
}

/** C = A B, row-major float64: A [m, k], B [k, n], C [m, n]. */
export function product(a: usize, b: usize, c: usize, m: usize, k: usize, n: usize): void {
  const rowA = k << 3;
  const rowC = n << 3;
  let i: usize = 0;
  for (; i + 4 <= m; i += 4) {
    let j: usize = 0;
    for (; j + 4 <= n; j += 4) tile(a + i * rowA, b + (j << 3), c + i * rowC + (j << 3), rowA, rowC);
    for (; j < n; j++) {
      for (let r = i; r < i + 4; r++) cell(a + r * rowA, b + (j << 3), c + r * rowC + (j << 3), rowA, rowC);
    }
  }
  for (; i < m; i++) {
    let j: usize = 0;
    for (; j + 2 <= n; j += 2) pair(a + i * rowA, b + (j << 3), c + i * rowC + (j << 3), rowA, rowC);
    for (; j < n; j++) cell(a + i * rowA, b + (j << 3), c + i * rowC + (j << 3), rowA, rowC);
  }
}

/** Four rows of four cells. */
// @ts-ignore: decorator
@inline
function tile(a: usize, b: usize, c: usize, rowA: usize, rowC: usize): void {
  let c00 = f64x2.splat(0);
  let c01 = c00;
  let c10 = c00;
  let c11 = c00;
  let c20 = c00;
  let c21 = c00;
  let c30 = c00;
  let c31 = c00;
  const a1 = a + rowA;
  const a2 = a1 + rowA;
  const a3 = a2 + rowA;
  for (let l: usize = 0; l < rowA; l += 8, b += rowC) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let x = v128.load64_splat(a + l);
    c00 = f64x2.add(c00, f64x2.mul(x, b0));
    c01 = f64x2.add(c01, f64x2.mul(x, b1));
    x = v128.load64_splat(a1 + l);
    c10 = f64x2.add(c10, f64x2.mul(x, b0));
    c11 = f64x2.add(c11, f64x2.mul(x, b1));
    x = v128.load64_splat(a2 + l);
    c20 = f64x2.add(c20, f64x2.mul(x, b0));
    c21 = f64x2.add(c21, f64x2.mul(x, b1));
    x = v128.load64_splat(a3 + l);
    c30 = f64x2.add(c30, f64x2.mul(x, b0));
    c31 = f64x2.add(c31, f64x2.mul(x, b1));
  }
  v128.store(c, c00);
  v128.store(c, c01, 16);
  c += rowC;
  v128.store(c, c10);
  v128.store(c, c11, 16);
  c += rowC;
  v128.store(c, c20);
  v128.store(c, c21, 16);
  c += rowC;
  v128.store(c, c30);
  v128.store(c, c31, 16);
}

/** Two cells of a row. */
// @ts-ignore: decorator
@inline
function pair(a: usize, b: usize, c: usize, rowA: usize, rowC: usize): void {
  let sum = f64x2.splat(0);
  for (let end = a + rowA; a < end; a += 8, b += rowC) {
    sum = f64x2.add(sum, f64x2.mul(v128.load64_splat(a), v128.load(b)));
  }
  v128.store(c, sum);
}

/** One cell. */
// @ts-ignore: decorator
@inline
function cell(a: usize, b: usize, c: usize, rowA: usize, rowC: usize): void {
  let sum: f64 = 0;
  for (let end = a + rowA; a < end; a += 8, b += rowC) sum += load<f64>(a) * load<f64>(b);
  store<f64>(c, sum);
}

/**
 * Sums of maps over the four kinds of lines of an n × n grid, and of their squares.
 *
 * @param maps float32 [pairs, width], width even
 * @param codes int32 [n²], the pair at (x, y), index x n + y
 * @param out float64, zeroed: rows, columns, sums, differences [n, width] each, then squares [width]
 */
export function lineSums(maps: usize, codes: usize, out: usize, n: usize, width: usize): void {
  const row = width << 3;
  const block = row * n;
  const squares = out + 4 * block;
  for (let x: usize = 0; x < n; x++) {
    const rows = out + x * row;
    for (let y: usize = 0; y < n; y++) {
      const columns = out + block + y * row;
      const sums = out + 2 * block + ((x + y) % n) * row;
      const differences = out + 3 * block + ((x + n - y) % n) * row;
      const source = maps + <usize>load<u32>(codes + ((x * n + y) << 2)) * (width << 2);
      for (let j: usize = 0; j < row; j += 16) {
        const value = f64x2.promote_low_f32x4(v128.load64_zero(source + (j >> 1)));
        v128.store(rows + j, f64x2.add(v128.load(rows + j), value));
        v128.store(columns + j, f64x2.add(v128.load(columns + j), value));
        v128.store(sums + j, f64x2.add(v128.load(sums + j), value));
        v128.store(differences + j, f64x2.add(v128.load(differences + j), value));
        v128.store(squares + j, f64x2.add(v128.load(squares + j), f64x2.mul(value, value)));
      }
    }
  }
}
