import { expect, it } from "vitest";
import { twinSentence } from "../../src/figures/sweeps/twin-findings.js";
import { fiveOperations } from "./compared-sample.js";

it("says how many test pairs of each operation need no rule", () => {
  expect(twinSentence(fiveOperations.grid)).toMatch(
    /^In the split of seed 0 that is 30\s% of the test pairs with a \+ b, \d\d\s% with a − b, 6\d\s% with a · b, 91\s% with a² \+ b² and none with a³ \+ ab\.$/,
  );
  expect(twinSentence({ cells: [] })).toBeNull();
});
