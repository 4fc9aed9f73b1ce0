// Sums over the pairs of one token: what the pairs give back to the tables' rows.
import * as at from "./layout";
import { element, row } from "./layout";
import { madd } from "./simd";

/**
 * dT of one token: Σ A_h du over its pairs, for every head. `pairs`: their indices, or 0 where they are first..last
 * themselves; `side` is 0 for a, 4 for b, the place of A_h0 or A_h1 in bytes.
 */
function gatherTable(pairs: usize, first: i32, last: i32, side: usize, out: usize): void {
  const headBytes = (<usize>at.heads) << 3;
  for (let h = 0; h < at.heads; h += 4) {
    const A = at.attention + side + ((<usize>h) << 3);
    const count = min(4, at.heads - h);
    for (let i: usize = 0; i < (<usize>at.C) << 2; i += 32) {
      const target = out + <usize>h * at.ldC + i;
      if (count == 4) gatherFourHeads(pairs, first, last, A, headBytes, i, target);
      else for (let k = 0; k < count; k++) gatherHead(pairs, first, last, A + ((<usize>k) << 3), headBytes, i, target + <usize>k * at.ldC);
    }
  }
}

// @ts-ignore: decorator
@inline
function pairAt(pairs: usize, index: i32): i32 {
  return pairs ? load<i32>(element(pairs, index)) : index;
}

function gatherHead(pairs: usize, first: i32, last: i32, A: usize, headBytes: usize, column: usize, out: usize): void {
  let s0 = f32x4.splat(0);
  let s1 = s0;
  for (let i = first; i < last; i++) {
    const pair = pairAt(pairs, i);
    const du = row(at.du, pair, at.ldC) + column;
    const x = v128.load_splat<f32>(row(A, pair, headBytes));
    s0 = madd(x, v128.load(du), s0);
    s1 = madd(x, v128.load(du, 16), s1);
  }
  v128.store(out, s0);
  v128.store(out, s1, 16);
}

function gatherFourHeads(pairs: usize, first: i32, last: i32, A: usize, headBytes: usize, column: usize, out: usize): void {
  let s00 = f32x4.splat(0);
  let s01 = s00, s10 = s00, s11 = s00, s20 = s00, s21 = s00, s30 = s00, s31 = s00;
  for (let i = first; i < last; i++) {
    const pair = pairAt(pairs, i);
    const du = row(at.du, pair, at.ldC) + column;
    const a = row(A, pair, headBytes);
    const g0 = v128.load(du);
    const g1 = v128.load(du, 16);
    let x = v128.load_splat<f32>(a);
    s00 = madd(x, g0, s00);
    s01 = madd(x, g1, s01);
    x = v128.load_splat<f32>(a, 8);
    s10 = madd(x, g0, s10);
    s11 = madd(x, g1, s11);
    x = v128.load_splat<f32>(a, 16);
    s20 = madd(x, g0, s20);
    s21 = madd(x, g1, s21);
    x = v128.load_splat<f32>(a, 24);
    s30 = madd(x, g0, s30);
    s31 = madd(x, g1, s31);
  }
  v128.store(out, s00);
  v128.store(out, s01, 16);
  out += at.ldC;
  v128.store(out, s10);
  v128.store(out, s11, 16);
  out += at.ldC;
  v128.store(out, s20);
  v128.store(out, s21, 16);
  out += at.ldC;
  v128.store(out, s30);
  v128.store(out, s31, 16);
}

/** The scores' gradient of one token: the sum over its pairs, per head. */
function gatherScores(pairs: usize, first: i32, last: i32, side: usize, index: i32): void {
  for (let h = 0; h < at.heads; h++) {
    let sum: f32 = 0;
    for (let i = first; i < last; i++) {
      sum += load<f32>(row(at.dPairScores, pairAt(pairs, i) * at.heads + h, 8) + side);
    }
    store<f32>(element(at.dScores, h * (2 * at.p + 1) + index), sum);
  }
}

/** dT, dScores of token a at position 0, from the pairs that begin with it. */
export function gatherByA(a: i32): void {
  const first = load<i32>(element(at.startsByA, a));
  const last = load<i32>(element(at.startsByA, a + 1));
  gatherTable(0, first, last, 0, row(at.dT, a, at.ldT));
  gatherScores(0, first, last, 0, a);
}

/** dT, dScores of token b at position 1: its pairs in the order of a. */
export function gatherByB(b: i32): void {
  const first = load<i32>(element(at.startsByB, b));
  const last = load<i32>(element(at.startsByB, b + 1));
  gatherTable(at.orderByB, first, last, 4, row(at.dT, at.p + b, at.ldT));
  gatherScores(at.orderByB, first, last, 4, at.p + b);
}
