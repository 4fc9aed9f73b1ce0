// C (+)= A B in float32: A [M, K] with any strides, B [K, N] plain or packed in panels, C [M, N] row-major.
//
// The micro-kernel holds 4 rows × 12 columns of C in 12 registers and runs K innermost. Every element of C is one
// chain of multiply-adds over k = 0, 1, …, so that its bits do not depend on how rows are shared out among threads.
import { madd } from "./simd";

/** Bytes of one row of a 12-column panel. */
export const PANEL: usize = 48;

/** R × (4·W) elements of C; R and W are literals, so that the branches on them vanish when inlined. */
// @ts-ignore: decorator
@inline
function tile(R: i32, W: i32, a: usize, ars: usize, acs: usize, b: usize, ldb: usize, c: usize, ldc: usize, K: i32, add: bool): void {
  const c1 = c + ldc;
  const c2 = c1 + ldc;
  const c3 = c2 + ldc;
  const zero = f32x4.splat(0);
  let s00 = zero, s01 = zero, s02 = zero;
  let s10 = zero, s11 = zero, s12 = zero;
  let s20 = zero, s21 = zero, s22 = zero;
  let s30 = zero, s31 = zero, s32 = zero;
  if (add) {
    s00 = v128.load(c);
    if (W > 1) s01 = v128.load(c, 16);
    if (W > 2) s02 = v128.load(c, 32);
    if (R > 1) {
      s10 = v128.load(c1);
      s20 = v128.load(c2);
      s30 = v128.load(c3);
      if (W > 1) {
        s11 = v128.load(c1, 16);
        s21 = v128.load(c2, 16);
        s31 = v128.load(c3, 16);
      }
      if (W > 2) {
        s12 = v128.load(c1, 32);
        s22 = v128.load(c2, 32);
        s32 = v128.load(c3, 32);
      }
    }
  }
  let a1 = a + ars;
  let a2 = a1 + ars;
  let a3 = a2 + ars;
  let b1 = zero, b2 = zero;
  for (let k = K; k > 0; k--) {
    const b0 = v128.load(b);
    if (W > 1) b1 = v128.load(b, 16);
    if (W > 2) b2 = v128.load(b, 32);
    let x = v128.load_splat<f32>(a);
    s00 = madd(x, b0, s00);
    if (W > 1) s01 = madd(x, b1, s01);
    if (W > 2) s02 = madd(x, b2, s02);
    a += acs;
    b += ldb;
    if (R > 1) {
      x = v128.load_splat<f32>(a1);
      s10 = madd(x, b0, s10);
      if (W > 1) s11 = madd(x, b1, s11);
      if (W > 2) s12 = madd(x, b2, s12);
      x = v128.load_splat<f32>(a2);
      s20 = madd(x, b0, s20);
      if (W > 1) s21 = madd(x, b1, s21);
      if (W > 2) s22 = madd(x, b2, s22);
      x = v128.load_splat<f32>(a3);
      s30 = madd(x, b0, s30);
      if (W > 1) s31 = madd(x, b1, s31);
      if (W > 2) s32 = madd(x, b2, s32);
      a1 += acs;
      a2 += acs;
      a3 += acs;
    }
  }
  v128.store(c, s00);
  if (W > 1) v128.store(c, s01, 16);
  if (W > 2) v128.store(c, s02, 32);
  if (R > 1) {
    v128.store(c1, s10);
    v128.store(c2, s20);
    v128.store(c3, s30);
    if (W > 1) {
      v128.store(c1, s11, 16);
      v128.store(c2, s21, 16);
      v128.store(c3, s31, 16);
    }
    if (W > 2) {
      v128.store(c1, s12, 32);
      v128.store(c2, s22, 32);
      v128.store(c3, s32, 32);
    }
  }
}

function tile4x12(a: usize, ars: usize, acs: usize, b: usize, ldb: usize, c: usize, ldc: usize, K: i32, add: bool): void {
  tile(4, 3, a, ars, acs, b, ldb, c, ldc, K, add);
}
function tile4x8(a: usize, ars: usize, acs: usize, b: usize, ldb: usize, c: usize, ldc: usize, K: i32, add: bool): void {
  tile(4, 2, a, ars, acs, b, ldb, c, ldc, K, add);
}
function tile4x4(a: usize, ars: usize, acs: usize, b: usize, ldb: usize, c: usize, ldc: usize, K: i32, add: bool): void {
  tile(4, 1, a, ars, acs, b, ldb, c, ldc, K, add);
}
function tile1(a: usize, acs: usize, b: usize, ldb: usize, c: usize, W: i32, K: i32, add: bool): void {
  if (W == 3) tile(1, 3, a, 0, acs, b, ldb, c, 0, K, add);
  else if (W == 2) tile(1, 2, a, 0, acs, b, ldb, c, 0, K, add);
  else tile(1, 1, a, 0, acs, b, ldb, c, 0, K, add);
}

/**
 * Rows of C = A B, or C += A B where `add`. Strides are bytes: A[i, k] at a + i·ars + k·acs; columns 12j.. of B[k]
 * at b + j·panelStride + k·ldb (a plain matrix has panelStride 48). N is a multiple of 4.
 */
export function gemm(M: i32, N: i32, K: i32, a: usize, ars: usize, acs: usize, b: usize, ldb: usize, panelStride: usize, c: usize, ldc: usize, add: bool): void {
  for (let j = 0; j < N; j += 12) {
    const W = min(3, (N - j) >> 2);
    let aRow = a;
    let cRow = c;
    let i = 0;
    for (; i + 4 <= M; i += 4) {
      if (W == 3) tile4x12(aRow, ars, acs, b, ldb, cRow, ldc, K, add);
      else if (W == 2) tile4x8(aRow, ars, acs, b, ldb, cRow, ldc, K, add);
      else tile4x4(aRow, ars, acs, b, ldb, cRow, ldc, K, add);
      aRow += 4 * ars;
      cRow += 4 * ldc;
    }
    for (; i < M; i++) {
      tile1(aRow, acs, b, ldb, cRow, W, K, add);
      aRow += ars;
      cRow += ldc;
    }
    b += panelStride;
    c += PANEL;
  }
}

/** Copies columns 12·first.. of B [K, N] (row stride ldb bytes) into panels [K, 12], one behind the other. */
export function pack(K: i32, N: i32, b: usize, ldb: usize, to: usize, firstPanel: i32, lastPanel: i32): void {
  for (let panel = firstPanel; panel < lastPanel; panel++) {
    const W = min(3, (N - 12 * panel) >> 2);
    let from = b + <usize>panel * PANEL;
    let out = to + <usize>panel * PANEL * K;
    for (let k = 0; k < K; k++) {
      v128.store(out, v128.load(from));
      if (W > 1) v128.store(out, v128.load(from, 16), 16);
      if (W > 2) v128.store(out, v128.load(from, 32), 32);
      from += ldb;
      out += PANEL;
    }
  }
}

/** Rows of B^T: out[j, i] = b[i, j] for rows j of the result; strides in bytes. */
export function transpose(rows: i32, firstColumn: i32, lastColumn: i32, b: usize, ldb: usize, out: usize, ldout: usize): void {
  for (let j = firstColumn; j < lastColumn; j++) {
    let from = b + ((<usize>j) << 2);
    let to = out + <usize>j * ldout;
    for (let i = 0; i < rows; i++) {
      store<f32>(to, load<f32>(from));
      from += ldb;
      to += 4;
    }
  }
}
