/** Epochs to grok against the prime, with the power law through them, its confidence band, and the earlier suite's runs. */
import * as Plot from "@observablehq/plot";
import { logTicks } from "../epoch-panel.js";
import type { Figure, FigureOptions } from "../figure.js";
import { formatEpoch, formatNumber } from "../format.js";
import { earlierResult } from "./earlier-suite.js";
import { type ChartSize, chartHeight, modulusChart, runLegend, runMarks, runTip } from "./modulus-chart.js";
import { includesZero, intervalText, lawText, type ModulusRuns, modulusRuns } from "./modulus-runs.js";
import type { Sweep, SweepTables } from "./sweep.js";
import type { LegendEntry } from "./symbol-legend.js";

const SIZE: ChartSize = { frame: 330, legendLines: { wide: 2, narrow: 6 } };

/** The earlier suite's runs of the grid's cells, one seed each. */
const earlierRuns = ({ placed }: ModulusRuns) =>
  placed.cells.flatMap(({ cell, x }) => {
    const earlier = earlierResult(cell.config);
    return earlier && earlier.epoch !== null ? [{ x, modulus: cell.config.modulus, epoch: earlier.epoch }] : [];
  });

function draw(sweep: Sweep, { rows }: SweepTables, options: FigureOptions): SVGSVGElement {
  const { theme } = options;
  const data = modulusRuns(sweep, rows);
  const { placed, runs, plain, censored } = data;
  const earlier = earlierRuns(data);
  const epochs = [...runs, ...earlier].map(({ epoch }) => epoch);
  const domain: [number, number] = [Math.min(3000, ...epochs) * 0.7, Math.max(40_000, ...epochs) * 1.2];
  const [first, last] = placed.domain;
  const places = Array.from({ length: 81 }, (_, i) => first + ((last - first) * i) / 80);
  const within = (value: number) => Math.min(domain[1], Math.max(domain[0], value));
  const drawn = <Row extends { epochs: number }>(law: Row[]) =>
    law.filter((d) => d.epochs >= domain[0] && d.epochs <= domain[1]);
  const band = plain ? places.map((x) => ({ x, ...plain.at(10 ** x) })) : [];
  const dashed = censored ? places.map((x) => ({ x, epochs: censored.factor * 10 ** (censored.exponent * x) })) : [];
  const line = { x: "x", y: "epochs", stroke: theme.ink, strokeWidth: 1.5 };
  return modulusChart(
    {
      sweep,
      placed,
      size: SIZE,
      legend: legendOf(data, earlier.length > 0, options),
      y: { type: "log", domain, ticks: logTicks(domain, 6), format: formatEpoch },
      label: "epochs to grok, log axis",
      under: [
        Plot.areaY(band, {
          x: "x",
          y1: (d: { low: number }) => within(d.low),
          y2: (d: { high: number }) => within(d.high),
          fill: theme.ink,
          fillOpacity: 0.09,
        }),
      ],
      marks: [
        Plot.line(drawn(band), line),
        Plot.line(drawn(dashed), { ...line, strokeDasharray: "6 4" }),
        Plot.dot(earlier, { x: "x", y: "epoch", symbol: "square", r: 4, stroke: theme.muted, strokeWidth: 1.4 }),
        runMarks(runs, "epoch", options),
        runs.length ? [] : Plot.text(["no run is stored yet"], { frameAnchor: "middle", fill: theme.muted }),
        runTip(runs, "epoch", options),
      ],
      text: {
        ariaLabel: "Epochs to grok against the prime, both on log axes, with the fitted power law",
        ariaDescription: claim(sweep, { rows }),
      },
    },
    options,
  );
}

function legendOf({ runs, plain, censored }: ModulusRuns, earlier: boolean, options: FigureOptions): LegendEntry[] {
  const { theme } = options;
  const entries: (LegendEntry | false)[] = [
    earlier && { symbol: "square", color: theme.muted, text: "earlier suite" },
    plain !== null && { symbol: "line", color: theme.ink, text: "law through the runs that grok, 95 % band" },
    censored !== null && { symbol: "dashes", color: theme.ink, text: "law that counts the stopped runs too" },
  ];
  return [...runLegend(runs, options), ...entries.filter((entry) => entry !== false)];
}

function claim(sweep: Sweep, { rows }: Pick<SweepTables, "rows">): string {
  const { runs, plain, censored } = modulusRuns(sweep, rows);
  const there = runs.filter(({ happened }) => happened);
  if (!runs.length) return "No run of this sweep is stored yet";
  const primes = new Set(there.map(({ modulus }) => modulus)).size;
  if (!plain) {
    const grok = there.length === 1 ? "1 groks" : `${there.length} grok`;
    const where = there.length ? `, at ${primes} ${primes === 1 ? "prime" : "different primes"}` : "";
    return `Too few to fit a law: of ${runs.length} runs ${grok}${where}`;
  }
  const law = `Over the ${there.length} runs that grok, at ${primes} primes, time goes as ${lawText(plain)} (95 % interval ${intervalText(plain)})`;
  const open = includesZero(plain) ? `${law}, which leaves it open whether p matters at all` : law;
  return censored?.stopped
    ? `${open}; with the ${censored.stopped} that had not when they ended, as if all grokked in the end, as ${lawText(censored)} (${intervalText(censored)})`
    : open;
}

/** The power law of the time to grok over primes. */
export const modulusLaw = (sweep: Sweep, number = 3): Figure<SweepTables> => ({
  id: "modulus-law",
  number,
  name: "A power law over primes",
  height: chartHeight(SIZE),
  gap: () => (sweep.grid.cells.length ? null : "the list of sweeps has no cells of this one"),
  claim: (tables) => claim(sweep, tables),
  headline({ rows }) {
    const { plain, censored } = modulusRuns(sweep, rows);
    const law = censored ?? plain;
    const label = "exponent of the prime in the time to grok";
    if (!law) return { label, value: null, text: "too few to fit" };
    return { label, value: law.exponent, text: `${formatNumber(law.exponent, 2)} (${intervalText(law)})` };
  },
  draw: (tables, options) => draw(sweep, tables, options),
  rows({ rows }) {
    const { runs, plain, censored } = modulusRuns(sweep, rows);
    return runs.map(({ run, modulus, row }) => ({
      run,
      modulus,
      seed: row.seed,
      train_pairs: row.train_pairs,
      grokked: row.grokked,
      ended: row.ended,
      law_of_grokked: plain?.at(modulus).epochs ?? null,
      law_low: plain?.at(modulus).low ?? null,
      law_high: plain?.at(modulus).high ?? null,
      law_with_stopped: censored ? censored.factor * modulus ** censored.exponent : null,
    }));
  },
  caption:
    "Both axes are logarithmic, so that a power law is a straight line. The full line is least squares over the runs that " +
    "grokked, the band its 95 % confidence. The dashed one takes a triangle for what it is: later than that.",
  guidance: {
    shows:
      "How many epochs a model needs to grok addition modulo a prime p, when it sees 30 % of all pairs, and the straight " +
      "lines through these points.",
    reading:
      "Compare the two lines before believing either. The full one is blind to the runs that were stopped, the slowest ones; " +
      "the dashed one supposes that they would all have grokked later. Where they part, the runs that grokked do not speak " +
      "for the others.",
    normal:
      "Small primes grok late or not at all, since few pairs are left to learn from. Points scatter about the line by a " +
      "factor of two, as seeds of one prime do, so that five points fix no exponent.",
    wrong:
      "An interval from far below 0 to above it: the exponent is not known, whatever the line looks like. Triangles below " +
      "the line: runs that were stopped before the law says that they would grok.",
  },
});
