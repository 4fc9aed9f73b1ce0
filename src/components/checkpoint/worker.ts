/** The worker of a page: turns weights into what figures draw, one job at a time. */
import { useFastLoops } from "../../analysis/fast-loops.js";
import { inspectAllPairs } from "../../analysis/forward-logits.js";
import { type ModelView, type ModelWeights, once } from "../../analysis/model-view.js";
import { isGap } from "../../derivations/derivation.js";
import { derivations, heldAgainstFinal, seriesDerivations } from "../../derivations/registry.js";
import type { Inspect } from "../../training/engine.js";
import { browserModule, browserWasmHost } from "../../training/wasm/browser-host.js";
import { wasmInspector } from "../../training/wasm/inspector.js";
import { wasmLoops } from "../../training/wasm/transforms.js";
import { compact } from "./compact.js";
import type { Answer, Job, Setup } from "./messages.js";
import { Models, sourceOf } from "./models.js";
import { nearestEpoch } from "./nearest-epoch.js";

let models: Models | undefined;
let ready: Promise<void> | undefined;

addEventListener("message", async ({ data: message }: MessageEvent<Setup | Job>) => {
  if (message.kind === "setup") {
    models = new Models(message.checkpoints, patientInspector(message));
    ready = speedUp(message);
    return;
  }
  await ready;
  postMessage(await answer(message));
});

/** The analysis' loops in WebAssembly where it can be had; plain TypeScript does without. */
async function speedUp({ transforms }: Setup): Promise<void> {
  try {
    useFastLoops(wasmLoops(await browserModule(transforms)));
  } catch (error) {
    console.warn(`The slow path transforms: ${(error as Error).message}`);
  }
}

/** WebAssembly, or plain TypeScript where the browser cannot run it. */
function patientInspector({ step }: Setup): Inspect {
  const fast = wasmInspector(() => browserWasmHost(step));
  let works = true;
  return async (config, parameters) => {
    if (!works) return inspectAllPairs(config, parameters);
    try {
      return await fast(config, parameters);
    } catch (error) {
      console.warn(`The slow path computes the activations: ${(error as Error).message}`);
      works = false;
      return inspectAllPairs(config, parameters);
    }
  };
}

async function answer(job: Job): Promise<Answer> {
  const { id } = job;
  try {
    const { data, epochs, milliseconds } = await derive(job);
    return { id, data: compact(data), epochs, milliseconds };
  } catch (error) {
    return { id, data: { failure: (error as Error).message }, epochs: [], milliseconds: 0 };
  }
}

async function derive(job: Job): Promise<Omit<Answer, "id">> {
  const { figure, choices, epoch, twin } = job;
  if (!models) throw new Error("the worker was not set up");
  const { checkpoints, ended } = sourceOf(job);
  // Twins do not move with the epoch: one has none, the other is looked at where it ends.
  const nearest = twin === "random weights" ? 0 : nearestEpoch(checkpoints, twin ? ended.epoch : epoch);
  const series = seriesDerivations[figure];
  if (series) {
    const epochs = twin === "random weights" ? [0] : [...series.epochs(checkpoints, { ...choices, epoch })];
    const weights: ModelWeights[] = [];
    for (const each of epochs) weights.push(await models.weights(job, each));
    const started = performance.now();
    const data = series.derive(weights, { ...choices, epoch });
    return { data, epochs, milliseconds: performance.now() - started };
  }
  const single = derivations[figure];
  if (!single) throw new Error(`no derivation is registered for the figure ${figure}`);
  const derived = (view: ModelView) => once(view, `${figure} ${JSON.stringify(choices)}`, () => single(view, choices));
  await models.weights(job, nearest);
  const started = performance.now();
  const data = derived(await models.view(job, nearest));
  const final = twin || !heldAgainstFinal.has(figure) ? nearest : nearestEpoch(checkpoints, ended.epoch);
  const whole = final === nearest || isGap(data) ? data : { ...data, final: derived(await models.view(job, final)) };
  return { data: whole, epochs: [nearest], milliseconds: performance.now() - started };
}
