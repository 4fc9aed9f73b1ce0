/** What is told of a process that died. */
import { expect, test } from "vitest";
import { deathOf } from "../../data-loaders/sweeps/cell-process.js";

const thrown = `/repository/data-loaders/engines.ts:12
    throw new Error("no such engine");
          ^

EngineError: no such engine
    at createEngine (/repository/data-loaders/engines.ts:12:11)
    at async trainError (/repository/data-loaders/sweeps/train-cells.ts:61:23) {
  code: 'NO_ENGINE'
}

Node.js v20.20.2
`;

const outOfMemory = `
<--- Last few GCs --->
[1:0x1]      100 ms: Mark-sweep 1.0 (2.0) -> 1.0 (2.0) MB

FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory
----- Native stack trace -----

 1: 0xb8 node::OOMErrorHandler(char const*, v8::OOMDetails const&) [node]
10: 0xf0 v8::internal::V8::FatalProcessOutOfMemory(v8::internal::Isolate*, char const*) [node]
`;

test.each([
  [1, null, thrown, "its process ended with exit code 1: EngineError: no such engine"],
  [
    null,
    "SIGABRT",
    outOfMemory,
    "its process ended by SIGABRT: FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory",
  ],
  [134, null, "dawn: device lost\n\nNode.js v20.20.2\n", "its process ended with exit code 134: dawn: device lost"],
  [null, "SIGKILL", "", "its process ended by SIGKILL"],
] as const)("exit code %s or signal %s, and the line that says why", (code, signal, errors, message) => {
  expect(deathOf(code, signal, errors)).toBe(message);
});
