/**
 * A reference computation made elsewhere, in float64: a configuration, initial weights, what the model computes from
 * them, its gradient, and where AdamW takes it. Engines are checked against it.
 */
import { z } from "zod";
import { CONFIG_FIELDS, ConfigError, parseConfig, type RunConfig } from "../model/config.js";
import type { Split } from "../model/dataset.js";
import { type ParameterLayout, parameterLayout } from "../model/parameters.js";

export interface Fixture {
  config: RunConfig;
  /** The training pairs that the file names, and all others. */
  split: Split;
  /** Flat, in the order of `parameterLayout`, as are `gradient` and `finalWeights`. */
  initialWeights: Float64Array;
  /** What the model computes at its initial weights. */
  probe: {
    /** Codes a·p + b, n of them. */
    pairs: Uint32Array;
    /** [n, p] */
    logits: Float64Array;
    /** Per layer, at the "=" position: [n, heads, 3]. */
    attention: Float64Array[];
    /** Per layer, after the ReLU at the "=" position: [n, d_mlp]. */
    hidden: Float64Array[];
  };
  /** Of the mean training loss at the initial weights. */
  gradient: Float64Array;
  /** Mean loss before each step and after the last, nats: [steps + 1] each. */
  losses: { train: Float64Array; test: Float64Array };
  finalWeights: Float64Array;
}

/** A file that is not a whole fixture. The message is one line: where, what, what is allowed. */
export class FixtureError extends Error {
  override name = "FixtureError";
}

const finite = z.number("a finite number");
const natural = z.int("a non-negative integer").min(0, "a non-negative integer");
const pair = z.tuple([natural, natural], "a pair [a, b] of residues");
const tensorSchema = z.object(
  { shape: z.array(natural, "a list of sizes"), values: z.array(finite, "a list of numbers") },
  'a tensor {"shape", "values"}',
);
const tensors = z.record(z.string(), tensorSchema, "an object of tensors by name");

const schema = z.object(
  {
    config: z.record(z.string(), z.unknown(), "an object of fields"),
    train: z.array(pair, "a list of pairs [a, b]").min(1, "at least one pair"),
    initial_weights: tensors,
    probe: z
      .object({ pairs: z.array(pair, "a list of pairs [a, b]").min(1, "at least one pair") })
      .catchall(tensorSchema),
    gradient_at_0: tensors,
    losses_before_step: z
      .array(
        z.tuple([natural, finite, finite], "[step, train loss, test loss]"),
        "a list of [step, train loss, test loss]",
      )
      .min(1, "at least one step"),
    final_weights: tensors,
    final_train_loss: finite,
    final_test_loss: finite,
  },
  "an object",
);

/** Fields that a reference cannot leave to this project's defaults. The rest do not change what it computes. */
const REQUIRED = CONFIG_FIELDS.filter(
  (field) => !["train_fraction", "d_head", "softmax", "epochs", "seed"].includes(field),
);

type Tensors = z.output<typeof tensors>;

/**
 * Reads a fixture of any modulus, depth, width and operation. Text fields of its configuration that are not ours
 * (such as how the split was made) are left aside.
 *
 * @param text the file's content, JSON
 * @throws FixtureError where anything is missing, misshapen, not finite or not consistent
 */
export function parseFixture(text: string): Fixture {
  const result = schema.safeParse(parseJson(text));
  if (!result.success) {
    const { path, message } = result.error.issues[0];
    throw new FixtureError(`${place(path)}: ${describe(valueAt(parseJson(text), path))}; allowed: ${message}`);
  }
  const file = result.data;
  const config = fixtureConfig(file.config, file.losses_before_step.length);
  const layout = parameterLayout(config);
  const { pairs, ...activations } = file.probe;
  const n = pairs.length;
  const perLayer = (name: string) => Array.from({ length: config.layers }, (_, layer) => `blocks.${layer}.${name}`);
  const probed = readTensors("probe", activations, {
    logits: [n, config.modulus],
    ...Object.fromEntries(perLayer("attention").map((name) => [name, [n, config.heads, 3]])),
    ...Object.fromEntries(perLayer("hidden").map((name) => [name, [n, config.d_mlp]])),
  });
  return {
    config,
    split: splitOf(codes("train", file.train, config.modulus), config.modulus),
    initialWeights: flatWeights("initial_weights", file.initial_weights, layout),
    probe: {
      pairs: codes("probe.pairs", pairs, config.modulus),
      logits: probed.logits,
      attention: perLayer("attention").map((name) => probed[name]),
      hidden: perLayer("hidden").map((name) => probed[name]),
    },
    gradient: flatWeights("gradient_at_0", file.gradient_at_0, layout),
    losses: readLosses(file),
    finalWeights: flatWeights("final_weights", file.final_weights, layout),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = (error as Error).message.replaceAll(/\s+/g, " ").slice(0, 100);
    throw new FixtureError(`not JSON (${reason}); allowed: a whole JSON file, numbers finite`);
  }
}

function fixtureConfig(fields: Record<string, unknown>, steps: number): RunConfig {
  for (const field of REQUIRED) {
    if (!(field in fields)) throw new FixtureError(`config.${field}: missing; needed: ${REQUIRED.join(", ")}`);
  }
  const ours = Object.entries(fields).filter(
    ([name, value]) => (CONFIG_FIELDS as string[]).includes(name) || typeof value !== "string",
  );
  try {
    return parseConfig({ ...Object.fromEntries(ours), epochs: steps });
  } catch (error) {
    if (error instanceof ConfigError) throw new FixtureError(`config.${error.message}`);
    throw error;
  }
}

/** Pairs as codes a·p + b. */
function codes(where: string, pairs: readonly (readonly number[])[], p: number): Uint32Array {
  const seen = new Set<number>();
  return Uint32Array.from(pairs, ([a, b], i) => {
    const code = a * p + b;
    if (a >= p || b >= p) throw new FixtureError(`${where}[${i}]: [${a},${b}]; allowed: residues 0 to ${p - 1}`);
    if (seen.has(code)) throw new FixtureError(`${where}[${i}]: [${a},${b}] is there twice; allowed: each pair once`);
    seen.add(code);
    return code;
  });
}

function splitOf(train: Uint32Array, p: number): Split {
  const trained = new Set(train);
  const test = Uint32Array.from({ length: p * p }, (_, code) => code).filter((code) => !trained.has(code));
  if (test.length === 0) throw new FixtureError(`train: all ${p * p} pairs; allowed: at least one left for testing`);
  return { train, test };
}

function flatWeights(where: string, tensors: Tensors, layout: ParameterLayout): Float64Array {
  const shapes = Object.fromEntries(layout.tensors.map(({ name, shape }) => [name, shape]));
  const values = readTensors(where, tensors, shapes);
  const flat = new Float64Array(layout.size);
  for (const { name, offset } of layout.tensors) flat.set(values[name], offset);
  return flat;
}

/** Exactly the tensors of `shapes`, each of its shape. */
function readTensors(
  where: string,
  tensors: Tensors,
  shapes: Record<string, readonly number[]>,
): Record<string, Float64Array> {
  for (const name of Object.keys(tensors)) {
    if (!(name in shapes))
      throw new FixtureError(`${where}.${name}: not in this model; allowed: ${Object.keys(shapes).join(", ")}`);
  }
  const read = Object.entries(shapes).map(([name, shape]) => {
    const tensor = tensors[name];
    const allowed = `shape [${shape}]`;
    if (!tensor) throw new FixtureError(`${where}.${name}: missing; needed: a tensor of ${allowed}`);
    if (String(tensor.shape) !== String(shape)) {
      throw new FixtureError(`${where}.${name}: shape [${tensor.shape}]; allowed: ${allowed}`);
    }
    const size = shape.reduce((product, length) => product * length, 1);
    if (tensor.values.length !== size) {
      throw new FixtureError(`${where}.${name}: ${tensor.values.length} values; allowed: ${size}, for ${allowed}`);
    }
    return [name, Float64Array.from(tensor.values)] as const;
  });
  return Object.fromEntries(read);
}

function readLosses(file: z.output<typeof schema>): Fixture["losses"] {
  for (const [i, [step]] of file.losses_before_step.entries()) {
    if (step !== i)
      throw new FixtureError(`losses_before_step[${i}][0]: step ${step}; allowed: ${i}, every step in order`);
  }
  return {
    train: Float64Array.from([...file.losses_before_step.map(([, train]) => train), file.final_train_loss]),
    test: Float64Array.from([...file.losses_before_step.map(([, , test]) => test), file.final_test_loss]),
  };
}

const place = (path: readonly PropertyKey[]) =>
  path.map((key, i) => (typeof key === "number" ? `[${key}]` : `${i > 0 ? "." : ""}${String(key)}`)).join("") || "file";

const valueAt = (root: unknown, path: readonly PropertyKey[]) =>
  path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key], root);

function describe(value: unknown): string {
  if (value === undefined) return "missing";
  const text = typeof value === "number" ? String(value) : JSON.stringify(value);
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
