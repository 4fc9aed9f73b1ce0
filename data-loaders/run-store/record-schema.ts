/** run.json: checked on the way in and out. */
import { createHash } from "node:crypto";
import { z } from "zod";
import { parseConfig } from "../../src/model/config.js";
import { NUMERICS_VERSION } from "../../src/training/engine.js";
import { RUN_FILES, type RunRecord } from "../../src/training/run-record.js";
import { runKey } from "./run-key.js";
import { OutdatedRunError } from "./store-error.js";

const epoch = z.number().int().min(0);
const hash = z.string().regex(/^[0-9a-f]{64}$/);

const sparsity = z.strictObject({ W_E: z.number(), W_L: z.number(), logits: z.number() });

const schema = z.strictObject({
  key: z.string(),
  config: z.record(z.string(), z.unknown()),
  started_from: z.strictObject({ key: z.string(), epoch, weights: hash, moments: z.enum(["kept", "zero"]) }).optional(),
  engine: z.strictObject({
    name: z.enum(["tfjs", "wasm", "webgpu"]),
    variant: z.string(),
    adapter: z.string(),
    numerics_version: z.number().int(),
  }),
  versions: z.record(z.string(), z.string()),
  created: z.iso.datetime(),
  wall_seconds: z.number().min(0),
  milestones: z.strictObject({
    memorized: epoch.nullable(),
    grokked: epoch.nullable(),
    first_crossing: epoch.nullable(),
    test_accuracy_climbs: epoch.nullable(),
    gini_rises: epoch.nullable(),
    weight_norm_peaks: epoch.nullable(),
    evaluation_interval: epoch,
  }),
  key_frequencies: z.array(z.number().int().min(1)).nullable(),
  final: z.strictObject({
    train_loss: z.number(),
    test_loss: z.number(),
    train_accuracy: z.number().min(0).max(1),
    test_accuracy: z.number().min(0).max(1),
  }),
  ended: z.strictObject({ epoch, reason: z.enum(["complete", "early", "not_finite"]) }),
  loss_spikes: z.number().int().min(0),
  sparsity: z.strictObject({ additive: sparsity, multiplicative: sparsity.nullable() }).optional(),
  files: z.partialRecord(z.enum(RUN_FILES), hash),
});

export function sha256(bytes: Uint8Array | string): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Text of run.json: the record and, last, the SHA-256 of its own JSON without that field. */
export function encodeRecord(record: RunRecord): string {
  return `${JSON.stringify({ ...record, sha256: sha256(JSON.stringify(record)) }, null, 2)}\n`;
}

/**
 * The record in the text of a run.json.
 *
 * @throws Error in one line: not whole JSON, a field missing or wrong, altered since it was written, or a key that is
 *   not that of its configuration; OutdatedRunError: of another numerics version
 */
export function decodeRecord(text: string): RunRecord {
  let value: Record<string, unknown>;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error("is not whole JSON");
  }
  const { sha256: written, ...record } = value;
  const parsed = schema.safeParse(record);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new Error(`field ${issue.path.join(".") || "(all)"}: ${issue.message}`);
  }
  if (written !== sha256(JSON.stringify(record))) throw new Error("was altered (its checksum does not fit)");
  const config = parseConfig(record.config);
  if (parsed.data.engine.numerics_version !== NUMERICS_VERSION) {
    const { numerics_version } = parsed.data.engine;
    throw new OutdatedRunError(`is of numerics version ${numerics_version}, this is ${NUMERICS_VERSION}`);
  }
  const key = runKey(config, parsed.data.started_from);
  if (parsed.data.key !== key) throw new Error(`key ${parsed.data.key} is not that of its configuration (${key})`);
  return { ...(record as unknown as RunRecord), config };
}
