/** Ctrl-C and its kin, for commands whose work can be saved. */

/** npm passes a terminal's Ctrl-C on to a process that has had it already: two at once are one. */
const SAME_SIGNAL_MS = 500;

/** Remembers the first request to stop; a second one ends the process at once, which the run survives. */
export function watchSignals() {
  const watched = { received: null as NodeJS.Signals | null, close };
  let at = 0;
  function onSignal(signal: NodeJS.Signals) {
    if (watched.received && Date.now() - at < SAME_SIGNAL_MS) return;
    if (watched.received) process.exit(signal === "SIGTERM" ? 143 : 130);
    watched.received = signal;
    at = Date.now();
    process.stderr.write("\nsaving; once more to leave at once\n");
  }
  function close() {
    process.off("SIGINT", onSignal).off("SIGTERM", onSignal);
  }
  process.on("SIGINT", onSignal).on("SIGTERM", onSignal);
  return watched;
}
