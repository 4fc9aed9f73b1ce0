/** The lock of a run: one living owner, dead owners replaced. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, expect, test, vi } from "vitest";
import { LockedError, takeLock } from "../../data-loaders/run-store/lock.js";

const folder = mkdtempSync(join(tmpdir(), "grok-lock-"));
const path = join(folder, "lock");
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(() => vi.useRealTimers());
beforeEach(() => rmSync(path, { force: true }));

const self = { pid: process.pid, host: hostname(), since: "2026-01-01T00:00:00.000Z", started: null };
const leave = (owner: object) => writeFileSync(path, JSON.stringify(owner));
const age = (seconds: number) => utimesSync(path, new Date(), new Date(Date.now() - seconds * 1000));
const owner = () => JSON.parse(readFileSync(path, "utf8"));

test("a lock that is held is refused, with its owner's name; a released one is free", () => {
  const lock = takeLock(path, "run-a is being trained");
  expect(() => takeLock(path, "run-a is being trained")).toThrow(LockedError);
  expect(() => takeLock(path, "run-a is being trained")).toThrow(
    new RegExp(`^run-a is being trained by process ${process.pid} on ${hostname()} since 20\\d\\d-`),
  );
  lock.release();
  takeLock(path, "run-a is being trained").release();
  expect(readdirSync(folder)).toEqual([]);
});

test.each([
  { what: "a process that is gone", pid: 2 ** 22 + 1, started: null },
  { what: "a process number that was used again", pid: process.pid, started: "1" },
])("the lock of $what is taken over", ({ pid, started }) => {
  leave({ ...self, pid, started });
  const lock = takeLock(path, "run-a is being trained");
  expect(owner()).toMatchObject({ pid: process.pid, host: hostname() });
  lock.release();
  expect(readdirSync(folder)).toEqual([]);
});

test("another host's lock stands while it is refreshed", () => {
  leave({ ...self, pid: 1, host: "elsewhere" });
  expect(() => takeLock(path, "run-a is being trained")).toThrow("process 1 on elsewhere since 2026");
  age(3600);
  const lock = takeLock(path, "run-a is being trained");
  age(3600);
  lock.refresh();
  leave({ ...owner(), host: "elsewhere" });
  expect(() => takeLock(path, "run-a is being trained")).toThrow(LockedError);
});

test("a lock without content is one that is being written, unless it is old", () => {
  writeFileSync(path, "");
  expect(() => takeLock(path, "run-a is being trained")).toThrow("is being trained by another process");
  age(60);
  takeLock(path, "run-a is being trained").release();
});

test("a lock refreshes itself until it is released", () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  const lock = takeLock(path, "run-a is being trained");
  age(3600);
  vi.advanceTimersByTime(120_000);
  expect(Date.now() - statSync(path).mtimeMs).toBeLessThan(600_000);
  lock.release();
  expect(vi.getTimerCount()).toBe(0);
});

test("a lock that another process took over is said to be lost, and stays the other's", () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  const lock = takeLock(path, "run-a is being trained");
  const other = { ...self, pid: 7, host: "elsewhere" };
  leave(other);
  age(300);
  expect(lock.isHeld()).toBe(false);
  expect(() => lock.refresh()).toThrow(LockedError);
  expect(() => lock.refresh()).toThrow(
    /^run-a is being trained by process 7 on elsewhere since 2026-\S+, which took it over from this process$/,
  );
  vi.advanceTimersByTime(120_000);
  expect(Date.now() - statSync(path).mtimeMs).toBeGreaterThan(250_000);
  lock.release();
  expect(owner()).toEqual(other);
});

test("a lock that is gone is said in one line", () => {
  const lock = takeLock(path, "run-a is being trained");
  rmSync(path);
  expect(() => lock.refresh()).toThrow(
    /^run-a is being trained by this process no longer: its lock \S+ was taken away$/,
  );
  lock.release();
});
