// C (+)= A B in float32: A [M, K] with any strides, B [K, N] plain or packed in panels, C [M, N] row-major.
//
// The micro-kernel holds 6 rows × 8 columns of C: 12 accumulators, 2 vectors of B and 1 of A fill the 15 registers
// that V8 hands out on x64 (it keeps the 16th); one more, and the loop spills at less than half the speed. K runs
// innermost: every element of C is one chain of multiply-adds over k = 0, 1, …, so that its bits do not depend on how
// rows are shared out among threads.
import { madd } from "./simd";

/** Columns of a panel, and bytes of one of its rows. */
export const PANEL_COLUMNS = 8;
export const PANEL: usize = 32;

/** R × 8 elements of C; R, a literal 1, 2, 4 or 6, decides the branches at compile time. */
// @ts-ignore: decorator
@inline
function tile(R: i32, a: usize, ars: usize, acs: usize, b: usize, ldb: usize, c: usize, ldc: usize, K: i32, add: bool): void {
  const c1 = c + ldc;
  let a1 = a + ars;
  const c2 = c1 + ldc;
  let a2 = a1 + ars;
  const c3 = c2 + ldc;
  let a3 = a2 + ars;
  const c4 = c3 + ldc;
  let a4 = a3 + ars;
  const c5 = c4 + ldc;
  let a5 = a4 + ars;
  const zero = f32x4.splat(0);
  let s00 = zero, s01 = zero;
  let s10 = zero, s11 = zero;
  let s20 = zero, s21 = zero;
  let s30 = zero, s31 = zero;
  let s40 = zero, s41 = zero;
  let s50 = zero, s51 = zero;
  if (add) {
    s00 = v128.load(c);
    s01 = v128.load(c, 16);
    if (R > 1) {
      s10 = v128.load(c1);
      s11 = v128.load(c1, 16);
    }
    if (R > 2) {
      s20 = v128.load(c2);
      s21 = v128.load(c2, 16);
      s30 = v128.load(c3);
      s31 = v128.load(c3, 16);
    }
    if (R > 4) {
      s40 = v128.load(c4);
      s41 = v128.load(c4, 16);
      s50 = v128.load(c5);
      s51 = v128.load(c5, 16);
    }
  }
  for (let k = K; k > 0; k--) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    b += ldb;
    let x = v128.load_splat<f32>(a);
    s00 = madd(x, b0, s00);
    s01 = madd(x, b1, s01);
    a += acs;
    if (R > 1) {
      x = v128.load_splat<f32>(a1);
      s10 = madd(x, b0, s10);
      s11 = madd(x, b1, s11);
      a1 += acs;
    }
    if (R > 2) {
      x = v128.load_splat<f32>(a2);
      s20 = madd(x, b0, s20);
      s21 = madd(x, b1, s21);
      a2 += acs;
      x = v128.load_splat<f32>(a3);
      s30 = madd(x, b0, s30);
      s31 = madd(x, b1, s31);
      a3 += acs;
    }
    if (R > 4) {
      x = v128.load_splat<f32>(a4);
      s40 = madd(x, b0, s40);
      s41 = madd(x, b1, s41);
      a4 += acs;
      x = v128.load_splat<f32>(a5);
      s50 = madd(x, b0, s50);
      s51 = madd(x, b1, s51);
      a5 += acs;
    }
  }
  v128.store(c, s00);
  v128.store(c, s01, 16);
  if (R > 1) {
    v128.store(c1, s10);
    v128.store(c1, s11, 16);
  }
  if (R > 2) {
    v128.store(c2, s20);
    v128.store(c2, s21, 16);
    v128.store(c3, s30);
    v128.store(c3, s31, 16);
  }
  if (R > 4) {
    v128.store(c4, s40);
    v128.store(c4, s41, 16);
    v128.store(c5, s50);
    v128.store(c5, s51, 16);
  }
}

function tile6(a: usize, ars: usize, acs: usize, b: usize, ldb: usize, c: usize, ldc: usize, K: i32, add: bool): void {
  tile(6, a, ars, acs, b, ldb, c, ldc, K, add);
}
function tile4(a: usize, ars: usize, acs: usize, b: usize, ldb: usize, c: usize, ldc: usize, K: i32, add: bool): void {
  tile(4, a, ars, acs, b, ldb, c, ldc, K, add);
}
function tile2(a: usize, ars: usize, acs: usize, b: usize, ldb: usize, c: usize, ldc: usize, K: i32, add: bool): void {
  tile(2, a, ars, acs, b, ldb, c, ldc, K, add);
}
function tile1(a: usize, ars: usize, acs: usize, b: usize, ldb: usize, c: usize, ldc: usize, K: i32, add: bool): void {
  tile(1, a, ars, acs, b, ldb, c, ldc, K, add);
}

/**
 * Rows of C = A B, or C += A B where `add`. Strides are bytes: A[i, k] at a + i·ars + k·acs; columns 8j.. of B[k] at
 * b + j·panelStride + k·ldb (a plain matrix has panelStride PANEL). N is a multiple of 8.
 */
export function gemm(M: i32, N: i32, K: i32, a: usize, ars: usize, acs: usize, b: usize, ldb: usize, panelStride: usize, c: usize, ldc: usize, add: bool): void {
  for (let j = 0; j < N; j += PANEL_COLUMNS) {
    let aRow = a;
    let cRow = c;
    let rest = M;
    for (; rest >= 6; rest -= 6) {
      tile6(aRow, ars, acs, b, ldb, cRow, ldc, K, add);
      aRow += 6 * ars;
      cRow += 6 * ldc;
    }
    if (rest & 4) {
      tile4(aRow, ars, acs, b, ldb, cRow, ldc, K, add);
      aRow += 4 * ars;
      cRow += 4 * ldc;
    }
    if (rest & 2) {
      tile2(aRow, ars, acs, b, ldb, cRow, ldc, K, add);
      aRow += 2 * ars;
      cRow += 2 * ldc;
    }
    if (rest & 1) tile1(aRow, ars, acs, b, ldb, cRow, ldc, K, add);
    b += panelStride;
    c += PANEL;
  }
}

/** Copies B [K, N] (row stride ldb bytes) into panels [K, 8], one behind the other: those from first to before last. */
export function pack(K: i32, b: usize, ldb: usize, to: usize, first: i32, last: i32): void {
  for (let panel = first; panel < last; panel++) {
    let from = b + <usize>panel * PANEL;
    let out = to + <usize>panel * PANEL * K;
    for (let k = 0; k < K; k++) {
      v128.store(out, v128.load(from));
      v128.store(out, v128.load(from, 16), 16);
      from += ldb;
      out += PANEL;
    }
  }
}

/** Columns first to before last of B [rows, …], as rows of `out`; strides in bytes. */
export function transpose(rows: i32, first: i32, last: i32, b: usize, ldb: usize, out: usize, ldout: usize): void {
  for (let j = first; j < last; j++) {
    let from = b + ((<usize>j) << 2);
    let to = out + <usize>j * ldout;
    for (let i = 0; i < rows; i++) {
      store<f32>(to, load<f32>(from));
      from += ldb;
      to += 4;
    }
  }
}
