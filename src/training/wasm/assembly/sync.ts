// Threads meet at barriers and claim tasks by counter; which thread does a task never changes its result.
import { sync, threads } from "./layout";

// Words at `sync`: arrivals, generation, then one task counter per phase.
const COUNTERS: usize = 64;
/** Loads of the generation before a thread goes to sleep: about 20 µs. */
const SPINS = 4000;

/** Waits until all threads are here. The last one to arrive clears the phase's counter for the next step. */
export function barrier(phase: i32): void {
  const counter = sync + COUNTERS + ((<usize>phase) << 6);
  if (threads == 1) {
    store<i32>(counter, 0);
    return;
  }
  const generation = atomic.load<i32>(sync + 4);
  if (atomic.add<i32>(sync, 1) == threads - 1) {
    atomic.store<i32>(sync, 0);
    atomic.store<i32>(counter, 0);
    atomic.add<i32>(sync + 4, 1);
    atomic.notify(sync + 4, threads);
    return;
  }
  for (let spin = 0; spin < SPINS; spin++) if (atomic.load<i32>(sync + 4) != generation) return;
  while (atomic.load<i32>(sync + 4) == generation) atomic.wait<i32>(sync + 4, generation, -1);
}

/** The next task of a phase. */
// @ts-ignore: decorator
@inline
export function claim(phase: i32): i32 {
  return atomic.add<i32>(sync + COUNTERS + ((<usize>phase) << 6), 1);
}
