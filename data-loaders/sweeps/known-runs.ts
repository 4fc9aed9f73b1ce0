/**
 * The runs that are stored where a pack was made: a sweep in the pack does not train them again. They are told of in
 * one file; the runs themselves stay at home.
 */
import { existsSync, readFileSync } from "node:fs";
import type { RunRecord } from "../../src/training/run-record.js";
import { CommandError } from "../command-error.js";
import { KNOWN_RUNS } from "../places.js";

/** What a sweep wants to know of a run. */
export type KnownRun = Pick<RunRecord, "key" | "config" | "started_from" | "ended" | "milestones">;

export const knownRun = ({ key, config, started_from, ended, milestones }: RunRecord): KnownRun => ({
  key,
  config,
  ...(started_from && { started_from }),
  ended,
  milestones,
});

/** None outside a pack. @throws CommandError (exit 1) for a file that was copied only in part */
export function readKnownRuns(path = KNOWN_RUNS): KnownRun[] {
  if (!existsSync(path)) return [];
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new CommandError(`${path}: is not whole JSON; copy it once more from where the pack was made`, 1);
  }
}
