// Operations on rows of n floats, n a multiple of 4.
import { madd, sumLanes } from "./simd";

/** Σ x_i y_i. */
export function dot(x: usize, y: usize, n: i32): f32 {
  let sum = f32x4.splat(0);
  for (let i = 0; i < n; i += 4) {
    sum = madd(v128.load(x), v128.load(y), sum);
    x += 16;
    y += 16;
  }
  return sumLanes(sum);
}

/** y += f·x */
export function addScaled(y: usize, f: f32, x: usize, n: i32): void {
  const scale = f32x4.splat(f);
  for (let i = 0; i < n; i += 4) {
    v128.store(y, madd(scale, v128.load(x), v128.load(y)));
    x += 16;
    y += 16;
  }
}

/** y = f·x */
export function setScaled(y: usize, f: f32, x: usize, n: i32): void {
  const scale = f32x4.splat(f);
  for (let i = 0; i < n; i += 4) {
    v128.store(y, f32x4.mul(scale, v128.load(x)));
    x += 16;
    y += 16;
  }
}

/** out = x + y */
export function setSum(out: usize, x: usize, y: usize, n: i32): void {
  for (let i = 0; i < n; i += 4) {
    v128.store(out, f32x4.add(v128.load(x), v128.load(y)));
    out += 16;
    x += 16;
    y += 16;
  }
}

/** y −= x */
export function subtract(y: usize, x: usize, n: i32): void {
  for (let i = 0; i < n; i += 4) {
    v128.store(y, f32x4.sub(v128.load(y), v128.load(x)));
    y += 16;
    x += 16;
  }
}

export function clear(y: usize, n: i32): void {
  memory.fill(y, 0, (<usize>n) << 2);
}

export function copy(y: usize, x: usize, n: i32): void {
  memory.copy(y, x, (<usize>n) << 2);
}
