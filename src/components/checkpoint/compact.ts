/**
 * A copy of a derivation's result that holds nothing but what it shows: a view of a large buffer, which a message would
 * copy as a whole, becomes an array of its own.
 */
export function compact<T>(value: T): T {
  if (ArrayBuffer.isView(value)) {
    const array = value as unknown as Float32Array;
    return (array.byteLength < array.buffer.byteLength ? array.slice() : array) as T;
  }
  if (Array.isArray(value)) return value.map(compact) as T;
  if (typeof value !== "object" || value === null) return value;
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, compact(part)])) as T;
}
