/** The tokens in one plane: a dot each, joined in the order of the plane's wave. */
import { select } from "d3";
import type { FigureOptions } from "../figure.js";
import type { Frame } from "../pixel-grid.js";

export interface TokenRing {
  /** [tokens, 2], in the order of the group */
  xy: Float32Array;
  residues: readonly number[];
  /** Frequency in whose order the tokens are joined. */
  ring: number;
  /** Half the width of the plane that is shown, in units of the embedding. */
  extent: number;
  color: string;
  /** Numbers of how many tokens are written, spaced evenly along the wave. */
  named?: number;
  /** Radius of a dot in pixels. */
  radius?: number;
}

/** Positions in the order in which a wave of frequency k passes them. */
export function waveOrder(size: number, k: number): number[] {
  const step = Array.from({ length: size }, (_, i) => i).find((i) => (k * i) % size === 1) ?? 1;
  return Array.from({ length: size }, (_, i) => (i * step) % size);
}

/** Draws into `parent`, a square frame with a cross at the mean token. */
export function drawTokenRing(
  parent: SVGElement,
  { xy, residues, ring, extent, color, named = 0, radius = 2.2 }: TokenRing,
  frame: Frame,
  { theme, interactive }: FigureOptions,
): void {
  const group = select(parent).append("g");
  const [middleX, middleY] = [frame.x + frame.width / 2, frame.y + frame.height / 2];
  const x = (t: number) => middleX + (xy[2 * t] / extent) * (frame.width / 2);
  const y = (t: number) => middleY - (xy[2 * t + 1] / extent) * (frame.height / 2);
  group
    .append("rect")
    .attr("x", frame.x)
    .attr("y", frame.y)
    .attr("width", frame.width)
    .attr("height", frame.height)
    .attr("fill", "none")
    .attr("stroke", theme.rule);
  group
    .append("path")
    .attr("d", `M${frame.x},${middleY}h${frame.width}M${middleX},${frame.y}v${frame.height}`)
    .attr("stroke", theme.grid);
  const order = waveOrder(residues.length, ring);
  const points = order.map((t) => `${x(t).toFixed(1)},${y(t).toFixed(1)}`);
  group
    .append("path")
    .attr("d", `M${points.join("L")}Z`)
    .attr("fill", "none")
    .attr("stroke", color)
    .attr("stroke-opacity", 0.35)
    .attr("stroke-linejoin", "round");
  const dots = group.append("g").attr("fill", color);
  for (const t of order) {
    const dot = dots.append("circle").attr("cx", x(t).toFixed(1)).attr("cy", y(t).toFixed(1)).attr("r", radius);
    if (interactive && named) dot.append("title").text(`token ${residues[t]}`);
  }
  const names = group.append("g").attr("font-size", 11).attr("text-anchor", "middle").attr("pointer-events", "none");
  for (let i = 0; i < named; i++) {
    const t = order[Math.round((i * order.length) / named) % order.length];
    const length = Math.hypot(xy[2 * t], xy[2 * t + 1]) || 1;
    names
      .append("text")
      .attr("x", (x(t) + (11 * xy[2 * t]) / length).toFixed(1))
      .attr("y", (y(t) - (11 * xy[2 * t + 1]) / length + 4).toFixed(1))
      .attr("fill", theme.ink)
      .attr("stroke", theme.background)
      .attr("stroke-width", 3)
      .attr("paint-order", "stroke")
      .text(residues[t]);
  }
}
