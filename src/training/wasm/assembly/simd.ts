// Four float32 lanes: multiply-add, sums, exponential.

// @ts-ignore: decorator
@inline
export function madd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(f32x4.mul(a, b), c);
}

/** (x0 + x2) + (x1 + x3): one order, whatever the thread. */
// @ts-ignore: decorator
@inline
export function sumLanes(x: v128): f32 {
  return f32x4.extract_lane(x, 0) + f32x4.extract_lane(x, 2) + (f32x4.extract_lane(x, 1) + f32x4.extract_lane(x, 3));
}

// @ts-ignore: decorator
@inline
export function maxLanes(x: v128): f32 {
  return max(
    max(f32x4.extract_lane(x, 0), f32x4.extract_lane(x, 1)),
    max(f32x4.extract_lane(x, 2), f32x4.extract_lane(x, 3)),
  );
}

/** e^-87.3 is the smallest normal float32; below it the result is 0. */
const UNDERFLOW: f32 = -87.3;

/**
 * e^x for x ≤ 0, relative error about 1e-7: x = n ln 2 + r with |r| ≤ ln 2 / 2, a degree-6 polynomial in r, and 2^n
 * put together from its bits. ln 2 is split in two so that r is exact to the last bit.
 */
// @ts-ignore: decorator
@inline
export function exp4(x: v128): v128 {
  const alive = f32x4.ge(x, f32x4.splat(UNDERFLOW));
  const y = f32x4.max(x, f32x4.splat(UNDERFLOW));
  const n = f32x4.nearest(f32x4.mul(y, f32x4.splat(1.4426950408889634)));
  let r = madd(n, f32x4.splat(-0.693145751953125), y);
  r = madd(n, f32x4.splat(-1.428606765330187e-6), r);
  let q = f32x4.splat(1.3888889e-3);
  q = madd(q, r, f32x4.splat(8.3333333e-3));
  q = madd(q, r, f32x4.splat(4.1666667e-2));
  q = madd(q, r, f32x4.splat(1.6666667e-1));
  q = madd(q, r, f32x4.splat(0.5));
  q = madd(q, r, f32x4.splat(1));
  q = madd(q, r, f32x4.splat(1));
  const power = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23);
  return v128.and(f32x4.mul(q, power), alive);
}

/** The same exponential for one number. */
// @ts-ignore: decorator
@inline
export function exp1(x: f32): f32 {
  return f32x4.extract_lane(exp4(f32x4.splat(x)), 0);
}
