import { expect, it } from "vitest";
import { answerCharacters } from "../../src/analysis/characters.js";
import { logarithmSentence, periodOf, phaseOfAnswer, readingSentence } from "../../src/figures/operation-waves.js";
import { OPERATIONS } from "../../src/model/config.js";

it.each(OPERATIONS)("writes the waves of %s in its own group", (operation) => {
  const multiplicative = answerCharacters(operation, 7).kind === "multiplicative";
  expect(periodOf(operation)).toBe(multiplicative ? "(p − 1)" : "p");
  expect(phaseOfAnswer(operation).includes("log")).toBe(multiplicative);
  expect(logarithmSentence(operation) === "").toBe(!multiplicative);
  expect(readingSentence(operation) === "").toBe(operation === "add");
});
