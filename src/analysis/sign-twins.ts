/**
 * Pairs whose answers are one fact: images under changes of sign and the exchange of a and b that leave every answer of
 * the operation as it is. A model that treats twins alike knows a test pair whose twin it was trained on, without any rule.
 */
import type { RunConfig } from "../model/config.js";
import { labels, type Split } from "../model/dataset.js";

type Pair = readonly [a: number, b: number];

/** The seven changes of sign and order, but for none at all. */
const CHANGES = [false, true]
  .flatMap((swap) => [1, -1].flatMap((signA) => [1, -1].map((signB) => ({ swap, signA, signB }))))
  .slice(1);

/** Codes a·p + b of the images of all pairs, for every change that leaves all answers alone: [changes][p²]. */
export function twinsOf(config: Pick<RunConfig, "operation" | "modulus">): Int32Array[] {
  const p = config.modulus;
  const answers = labels(config);
  const mod = (x: number) => ((x % p) + p) % p;
  return CHANGES.map(({ swap, signA, signB }) =>
    Int32Array.from(answers, (_, code) => {
      const [a, b]: Pair = [mod(signA * Math.floor(code / p)), mod(signB * (code % p))];
      return swap ? b * p + a : a * p + b;
    }),
  ).filter((image) => image.every((twin, code) => answers[twin] === answers[code]));
}

/** Share of the test pairs that have a twin among the training pairs. */
export function shareWithTwin(config: Pick<RunConfig, "operation" | "modulus">, { train, test }: Split): number {
  const known = new Uint8Array(config.modulus ** 2);
  for (const code of train) known[code] = 1;
  const twins = twinsOf(config);
  const have = test.filter((code) => twins.some((image) => known[image[code]]));
  return test.length ? have.length / test.length : 0;
}
