/** The name of a run in the store: readable, and new whenever anything that decides its results is new. */
import { createHash } from "node:crypto";
import type { RunConfig } from "../../src/model/config.js";
import { NUMERICS_VERSION } from "../../src/training/engine.js";
import type { StartedFrom } from "../../src/training/run-record.js";

/**
 * Slug and 8 hexadecimal digits of the SHA-256 of the full configuration and the numerics version, for example
 * add-p113-f0.3-wd1-lr1e-3-s0-3f2a9c41. The slug names layers, softmax and β₂ only where they are not the usual ones.
 *
 * @param startedFrom the stored weights that the run continues, if it does
 */
export function runKey(config: RunConfig, startedFrom?: StartedFrom): string {
  const identity: unknown[] = [config, NUMERICS_VERSION];
  if (startedFrom) identity.push(startedFrom);
  const digest = createHash("sha256").update(JSON.stringify(identity)).digest("hex");
  return `${slug(config)}-${digest.slice(0, 8)}`;
}

function slug(config: RunConfig): string {
  const parts = [
    config.operation,
    `p${config.modulus}`,
    `f${config.train_fraction}`,
    `wd${config.weight_decay}`,
    `lr${config.learning_rate.toExponential()}`,
  ];
  if (config.layers !== 1) parts.push(`l${config.layers}`);
  if (config.softmax !== "exact") parts.push("naive");
  if (config.beta2 !== 0.98) parts.push(`b2-${config.beta2}`);
  parts.push(`s${config.seed}`);
  return parts.join("-");
}
