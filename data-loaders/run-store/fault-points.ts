/**
 * Named places in the store's writing where a test can make a process wait to be killed, or make the disk fail.
 *
 * GROK_FAULT="point,nth,action": at the nth passage through `point`, do `action`: "wait" (says so on standard error,
 * then waits for ever), or a file system error's code such as ENOSPC, which is thrown.
 */
import { writeSync } from "node:fs";

export type FaultPoint = `${"state" | "candidate" | "run"}:${"writing" | "written" | "renamed"}`;

/** Passages through the wanted point, by the wish. */
const passages = new Map<string, number>();

export function faultPoint(point: FaultPoint): void {
  const wanted = process.env.GROK_FAULT;
  if (!wanted) return;
  const [name, nth, action] = wanted.split(",");
  if (name !== point) return;
  const passage = (passages.get(wanted) ?? 0) + 1;
  passages.set(wanted, passage);
  if (passage !== Number(nth)) return;
  if (action !== "wait") throw Object.assign(new Error(`${action}: made by GROK_FAULT`), { code: action });
  writeSync(2, `waiting at ${point}\n`);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}
