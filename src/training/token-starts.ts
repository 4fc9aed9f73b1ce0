/**
 * Where each token begins in a sorted list of them: [p + 1], the last one the list's length.
 *
 * @param sorted tokens 0 … p − 1, ascending
 */
export function tokenStarts(sorted: Int32Array | Uint32Array, p: number): Int32Array {
  const starts = new Int32Array(p + 1);
  for (const token of sorted) starts[token + 1]++;
  for (let i = 0; i < p; i++) starts[i + 1] += starts[i];
  return starts;
}
