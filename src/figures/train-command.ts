/** The command that trains a run and keeps its weights. */
import type { RunConfig } from "../model/config.js";

/** What `train` takes without being told: the paper's main model. */
const USUAL: Omit<RunConfig, "d_head"> = {
  operation: "add",
  modulus: 113,
  train_fraction: 0.3,
  layers: 1,
  d_model: 128,
  heads: 4,
  d_mlp: 512,
  learning_rate: 1e-3,
  weight_decay: 1,
  beta1: 0.9,
  beta2: 0.98,
  epsilon: 1e-8,
  warmup_steps: 10,
  softmax: "exact",
  epochs: 40_000,
  seed: 0,
};

/** A line for a terminal, in this repository: it puts the run with forty checkpoints into the store of the site. */
export function trainCommand(config: RunConfig): string {
  const names = Object.keys(USUAL) as (keyof typeof USUAL)[];
  const settings = names.filter((name) => config[name] !== USUAL[name]).map((name) => `${name}=${config[name]}`);
  if (config.d_head !== config.d_model / config.heads) settings.push(`d_head=${config.d_head}`);
  const set = settings.length ? ` --set ${settings.join(" ")}` : "";
  return `npm run grok -- train${set} --keep-checkpoints 40 --out runs --force`;
}
