/** Test accuracy of runs of equal λ · lr, on an axis of epochs and on one of learning rate times epoch. */
import * as Plot from "@observablehq/plot";
import { select } from "d3";
import { logTicks } from "../epoch-panel.js";
import type { Figure, FigureOptions } from "../figure.js";
import { formatEpoch, formatList, formatNumber, formatPercent } from "../format.js";
import { stackPanels } from "../panels.js";
import { type PlacedPanel, panelTitle, placePanels } from "../placed-panels.js";
import { type CollapseGroup, type CollapseRun, collapseGroups } from "./collapse-groups.js";
import { decayAndRate, effectiveDecay } from "./compared-quantities.js";
import { lineLegend } from "./line-legend.js";
import { writeRate } from "./quantities.js";
import { type Sweep, type SweepTables, sweepCommandLine } from "./sweep.js";

const FRAME = 130;
const PANEL = { top: 8, bottom: 38 };
const TITLE = { wide: 44, narrow: 62 };
const GAP = 26;
const LEGEND = 30;
/** Left out: every run has the same start. */
const FIRST_EPOCH = 100;
const DASHES = [undefined, "6 3", "2 3"];

const isNarrow = (width: number) => width < 640;

/** Axes: plain epochs, and epochs in units of the learning rate. */
const AXES = [
  { name: "epoch", unit: () => 1, format: formatEpoch },
  {
    name: "learning rate × epoch",
    unit: ({ row }: CollapseRun) => row.learning_rate,
    format: (u: number) => formatNumber(u),
  },
] as const;

function layout(width: number, groups: number) {
  const narrow = isNarrow(width);
  const panel = PANEL.top + FRAME + PANEL.bottom;
  const legend = LEGEND * (narrow ? 2 : 1);
  const title = narrow ? TITLE.narrow : TITLE.wide;
  const step = title + legend + panel * (narrow ? 2 : 1) + GAP;
  return { narrow, panel, title, legend, step, height: Math.max(1, groups) * step - GAP };
}

const groupCount = ({ grid }: Sweep) => new Set(grid.cells.map(({ config }) => effectiveDecay(config))).size;

function draw(sweep: Sweep, tables: SweepTables, options: FigureOptions): SVGSVGElement {
  const groups = collapseGroups(sweep, tables);
  const { width, theme } = options;
  const { narrow, panel, title, legend, step, height } = layout(width, groups.length);
  const half = narrow ? width : (width - 24) / 2;
  const placed = groups.flatMap((group, i): PlacedPanel[] => {
    const y = i * step;
    const colors = group.cells.map((_, rank) => theme.key[rank % theme.key.length]);
    const entries = group.cells.map(({ cell, runs }, rank) => ({
      text: `${decayAndRate(cell.config)}${runs.length ? "" : " (missing)"}`,
      color: runs.length ? colors[rank] : theme.muted,
      dash: DASHES[rank % DASHES.length],
    }));
    const lines = narrow ? [entries.slice(0, 2), entries.slice(2)] : [entries];
    return [
      ...lines.map((line, j) => ({ panel: lineLegend(line, "", options), x: 0, y: y + title + j * LEGEND })),
      ...AXES.map((axis, j) => ({
        panel: curvesPanel(group, axis, half, colors, options),
        x: narrow ? 0 : j * (half + 24),
        y: y + title + legend + (narrow ? j * panel : 0),
      })),
    ];
  });
  const block = placePanels(placed, height, options);
  groups.forEach((group, i) => {
    const [first, ...others] = detailOf(group);
    const name = `λ · lr = ${writeRate(group.decay)}`;
    const at = { x: 2, y: i * step + 14 };
    panelTitle(block, at, { name, detail: narrow ? first : [first, ...others].join("; ") }, options);
    if (narrow && others.length) {
      const second = select(block)
        .append("text")
        .attr("x", at.x)
        .attr("y", at.y + 34);
      second.attr("font-size", 12).attr("fill", theme.muted).text(others.join("; "));
    }
  });
  const text = {
    ariaLabel:
      "Test accuracy against epoch, and against learning rate times epoch, one row for each product with weight decay",
    ariaDescription: claim(sweep, tables),
  };
  return stackPanels([block], text, options);
}

function curvesPanel(
  { runs, cells }: CollapseGroup,
  axis: (typeof AXES)[number],
  width: number,
  colors: readonly string[],
  { theme, document }: FigureOptions,
): SVGSVGElement {
  const units = cells.map(({ cell: { config } }) => (axis.name === "epoch" ? 1 : config.learning_rate));
  const last = Math.max(...cells.map(({ cell: { config } }) => config.epochs));
  const domain: [number, number] = [FIRST_EPOCH * Math.min(...units), last * Math.max(...units)];
  const ticks = logTicks(domain, 6);
  return Plot.plot({
    document,
    width,
    height: PANEL.top + FRAME + PANEL.bottom,
    marginTop: PANEL.top,
    marginBottom: PANEL.bottom,
    marginLeft: 50,
    marginRight: 10,
    style: { fontSize: "12px", fontFamily: "inherit", background: "none", overflow: "visible", color: theme.muted },
    x: { type: "log", domain, axis: null },
    y: { type: "linear", domain: [0, 1], axis: null },
    marks: [
      Plot.gridY({ ticks: [0, 0.5, 1], stroke: theme.rule, strokeOpacity: 0.7 }),
      Plot.axisY({
        label: null,
        ticks: [0, 0.5, 1],
        tickFormat: (v: number) => formatPercent(v, 0),
        tickSize: 0,
        fill: theme.muted,
      }),
      Plot.axisX({ ...{ label: null, ticks, tickSize: 4, fill: theme.muted, stroke: theme.muted }, text: axis.format }),
      Plot.text([`${axis.name}, log axis`], { frameAnchor: "bottom", lineAnchor: "top", dy: 22, fill: theme.ink }),
      runs.map((run) =>
        Plot.line(
          run.curve.filter(({ epoch }) => epoch >= FIRST_EPOCH),
          {
            x: ({ epoch }) => epoch * axis.unit(run),
            y: "test_accuracy",
            stroke: colors[run.rank],
            strokeWidth: 1.75,
            strokeDasharray: DASHES[run.rank % DASHES.length],
            strokeLinejoin: "round",
          },
        ),
      ),
      runs.map(({ row, rank }) =>
        row.grokked === null
          ? Plot.dot([row], {
              x: (d) => d.ended * (axis.name === "epoch" ? 1 : d.learning_rate),
              y: "final_test_accuracy",
              symbol: "triangle",
              r: 4.5,
              stroke: colors[rank],
              fill: theme.background,
              strokeWidth: 1.6,
            })
          : [],
      ),
      runs.length ? [] : Plot.text(["not trained yet"], { frameAnchor: "middle", fill: theme.muted }),
    ],
  }) as SVGSVGElement;
}

/** What is measured of a group, in parts. */
function detailOf({ cells, runs, collapse, seeds }: CollapseGroup): string[] {
  const trained = cells.filter((cell) => cell.runs.length > 0).length;
  if (!runs.length) return ["not trained yet"];
  if (!collapse) return [`${trained} of ${cells.length} cells trained: nothing to compare yet`];
  return [
    `spread ${write(collapse.plain)} on epochs, ${write(collapse.scaled)} on learning rate × epoch`,
    ...(collapse.ratio === null ? [] : [`ratio ${write(collapse.ratio)}`]),
    ...(seeds === null ? [] : [`between seeds ${write(seeds)}`]),
    ...(trained < cells.length ? [`${cells.length - trained} of ${cells.length} cells missing`] : []),
  ];
}

const write = (value: number) => formatNumber(value, 2);

/** Groups with a measured ratio. */
const measured = (sweep: Sweep, tables: SweepTables) =>
  collapseGroups(sweep, tables).flatMap((group) => {
    const ratio = group.collapse?.ratio;
    return ratio === null || ratio === undefined ? [] : [{ ...group, ratio }];
  });

function claim(sweep: Sweep, tables: SweepTables): string {
  const groups = measured(sweep, tables);
  const all = groupCount(sweep);
  if (!groups.length)
    return `In none of the ${all} groups are two cells trained yet: whether their curves fall together cannot be told`;
  const ratios = (part: typeof groups) =>
    formatList(part.map(({ ratio, decay }) => `${write(ratio)} times (λ · lr = ${writeRate(decay)})`));
  const closer = groups.filter(({ ratio }) => ratio < 1);
  const others = groups.filter(({ ratio }) => ratio >= 1);
  const of = groups.length < all ? `the ${groups.length} of ${all} groups that can be measured` : `all ${all} groups`;
  const plain = `on plain epochs: counting by learning rate × epoch spreads them ${ratios(others)} as far`;
  if (!closer.length) return `In ${of}, curves of equal λ · lr agree better ${plain}`;
  const where = others.length ? `In ${closer.length} of ${of}` : `In ${of}`;
  const scaled = `${where}, curves of equal λ · lr agree better on learning rate × epoch, which spreads them ${ratios(closer)} as far as epochs do`;
  return others.length ? `${scaled}; in ${others.length} they agree no worse ${plain}` : scaled;
}

/** Whether runs of equal λ · lr fall together on an axis of lr · epoch. */
export const collapseCurves = (sweep: Sweep, number = 3): Figure<SweepTables> => ({
  id: "collapse-curves",
  number,
  name: "Do the curves fall together?",
  height: (width) => layout(width, groupCount(sweep)).height,
  gap: () => (sweep.grid.cells.length ? null : "the list of sweeps has no cells of this one"),
  claim: (tables) => claim(sweep, tables),
  headline(tables) {
    const groups = measured(sweep, tables);
    const label = "spread on learning rate × epoch over spread on epochs, mean of the groups";
    if (!groups.length) return { label, value: null, text: `nothing to compare; ${sweepCommandLine(sweep)}` };
    const value = groups.reduce((sum, { ratio }) => sum + ratio, 0) / groups.length;
    return { label, value, text: write(value) };
  },
  draw: (tables, options) => draw(sweep, tables, options),
  rows: (tables) =>
    collapseGroups(sweep, tables).flatMap(({ decay, runs, collapse }) =>
      runs.flatMap(({ row, curve }) =>
        curve.map(({ epoch, test_accuracy }) => ({
          decay_times_rate: decay,
          run: row.run,
          weight_decay: row.weight_decay,
          learning_rate: row.learning_rate,
          seed: row.seed,
          epoch,
          rate_times_epoch: row.learning_rate * epoch,
          test_accuracy,
          group_spread_epochs: collapse?.plain ?? null,
          group_spread_rate_times_epoch: collapse?.scaled ?? null,
        })),
      ),
    ),
  caption:
    "One row for each product of weight decay λ and learning rate; left against epochs, right against learning rate × epoch. " +
    "The spread is the standard deviation of test accuracy over the curves, summed along the log axis (in accuracy × " +
    "decades). A triangle is a run that was stopped before it grokked.",
  guidance: {
    shows:
      "Runs whose weights would, without gradients, shrink by the same factor in each epoch, with the same curves drawn on two axes: as they were trained, and with " +
      "each epoch counted by the length of its step.",
    reading:
      "If only the product λ · lr mattered, curves of a row would agree on the left. If the learning rate is also the clock, they " +
      "agree on the right. The ratio of the two spreads says which is nearer: below 1 the right, above 1 the left.",
    normal:
      "Neither axis makes the curves one line, since seeds of a single cell differ too. Compare the spread with that between " +
      "seeds, where there are several: closer than that the curves cannot come.",
    wrong:
      "A ratio near 1 with both spreads large: neither is the clock. A triangle: the row’s spread is measured only up to " +
      "where that run was stopped, and says little.",
  },
});
