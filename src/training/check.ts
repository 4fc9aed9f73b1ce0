/** How far an engine is from a reference: relative errors of everything it computes. */
import { labels } from "../model/dataset.js";
import { mean, pairLosses } from "../model/losses.js";
import { parameterLayout, tensor } from "../model/parameters.js";
import type { Engine, EngineIdentity, Problem } from "./engine.js";
import type { Fixture } from "./fixture.js";

/** ‖x − y‖₂ / ‖y‖₂ of an engine's x against the reference's y, the worst tensor of each kind. */
export interface RelativeErrors {
  logits: number;
  attention: number;
  hidden: number;
  gradient: number;
  /** After the fixture's last step. */
  final_weights: number;
  /** Mean losses, train and test, before each step and after the last. */
  losses: number;
}

export interface CheckResult {
  identity: EngineIdentity;
  errors: RelativeErrors;
}

/** What an engine may be off: WGSL's exp and log are coarser than a CPU's. */
export function tolerance(identity: EngineIdentity): number {
  return identity.adapter === "cpu" ? 1e-5 : 1e-4;
}

/** Names of the measures that exceed the tolerance; not a number exceeds it too. */
export function failures({ identity, errors }: CheckResult): (keyof RelativeErrors)[] {
  const names = Object.keys(errors) as (keyof RelativeErrors)[];
  return names.filter((name) => !(errors[name] <= tolerance(identity)));
}

/** ‖x − y‖₂ / ‖y‖₂; where y is all zero, 0 for the same x and ∞ for another. */
export function relativeError(x: ArrayLike<number>, y: ArrayLike<number>): number {
  if (x.length !== y.length) throw new RangeError(`${x.length} values against ${y.length}`);
  let difference = 0;
  let size = 0;
  for (let i = 0; i < y.length; i++) {
    difference += (x[i] - y[i]) ** 2;
    size += y[i] ** 2;
  }
  return difference === 0 ? 0 : Math.sqrt(difference / size);
}

/** The problem that a fixture poses: its initial weights, nothing remembered. */
export function fixtureProblem({ config, split, initialWeights }: Fixture): Problem {
  const parameters = Float32Array.from(initialWeights);
  const nothing = () => new Float32Array(parameters.length);
  return { config, split, state: { epoch: 0, parameters, moment1: nothing(), moment2: nothing() } };
}

/**
 * Runs a fixture: its probe and gradient at the initial weights, then all its steps.
 *
 * @param createEngine starts the engine to check; it is disposed of at the end
 * @throws EngineError where the engine cannot do this fixture
 */
export async function checkEngine(
  createEngine: (problem: Problem) => Promise<Engine>,
  fixture: Fixture,
): Promise<CheckResult> {
  const problem = fixtureProblem(fixture);
  const engine = await createEngine(problem);
  try {
    const { probe } = fixture;
    const layout = parameterLayout(fixture.config);
    const worst = (tensors: readonly ArrayLike<number>[], references: readonly ArrayLike<number>[]) =>
      largest(references.map((reference, i) => relativeError(tensors[i], reference)));
    const worstWeights = (x: Float32Array, y: Float64Array) =>
      largest(layout.tensors.map(({ name }) => relativeError(tensor(layout, x, name), tensor(layout, y, name))));

    const found = await engine.inspect(probe.pairs);
    const gradient = await engine.gradient();
    const losses = await trainingLosses(engine, fixture);
    const { parameters } = await engine.state();
    const errors = {
      logits: relativeError(found.logits, probe.logits),
      attention: worst(found.attention, probe.attention),
      hidden: worst(found.hidden, probe.hidden),
      gradient: worstWeights(gradient, fixture.gradient),
      final_weights: worstWeights(parameters, fixture.finalWeights),
      losses: worst([losses.train, losses.test], [fixture.losses.train, fixture.losses.test]),
    };
    return { identity: engine.identity, errors };
  } finally {
    await engine.dispose();
  }
}

/** Trains for all the fixture's steps; losses before each and after the last. */
async function trainingLosses(engine: Engine, { config, split, losses }: Fixture): Promise<Fixture["losses"]> {
  const answers = labels(config);
  const meanLoss = async (pairs: Uint32Array) =>
    mean(pairLosses(await engine.logits(pairs), pairs, answers, config.modulus, config.softmax));
  const steps = losses.train.length - 1;
  const train = new Float64Array(steps + 1);
  const test = new Float64Array(steps + 1);
  for (let step = 0; step < steps; step++) {
    test[step] = await meanLoss(split.test);
    [train[step]] = await engine.step(1);
  }
  test[steps] = await meanLoss(split.test);
  train[steps] = await meanLoss(split.train);
  return { train, test };
}

/** The largest value, NaN if there is one. */
const largest = (values: readonly number[]) => values.reduce((a, b) => Math.max(a, b), 0);
