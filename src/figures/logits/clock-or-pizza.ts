/** Lines under the surface: the two measures that tell a clock from a pizza, beside those of trained reference models. */
import { select } from "d3";
import { REFERENCE_MODELS } from "../../analysis/clock-pizza.js";
import type { CorrectLogitSurfaceData } from "../../derivations/logits/correct-logit-surface.js";
import type { FigureOptions } from "../figure.js";
import { blankPanel, panelTitle } from "../placed-panels.js";

export const CLOCK_OR_PIZZA_HEIGHT = 70;

export function clockOrPizza(
  { distanceIrrelevance, gradientSymmetricity }: CorrectLogitSurfaceData,
  options: FigureOptions,
): SVGSVGElement {
  const panel = blankPanel(options.width, CLOCK_OR_PIZZA_HEIGHT, options);
  const { clock, pizza } = REFERENCE_MODELS;
  const line = (name: string, ours: number | null, measure: keyof typeof clock) =>
    `${name} ${written(ours)} · clock ${written(clock[measure])} · pizza ${written(pizza[measure])}`;
  const detail = line("distance irrelevance", distanceIrrelevance, "distanceIrrelevance");
  panelTitle(panel, { x: 8, y: 28 }, { name: "Clock or pizza?", detail }, options);
  select(panel)
    .append("text")
    .attr("x", 8)
    .attr("y", 62)
    .attr("font-size", 12)
    .attr("fill", options.theme.muted)
    .text(line("gradient symmetricity", gradientSymmetricity, "gradientSymmetricity"));
  return panel;
}

const written = (value: number | null) => (value === null ? "undefined" : value.toFixed(2).replace("-", "−"));
