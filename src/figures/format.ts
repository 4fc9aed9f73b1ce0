/** How numbers are written, in figures and in the text. */

const NO_BREAK = "\u00a0";
const integers = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** 8350 → "8,350" */
export function formatEpoch(epoch: number): string {
  return integers.format(epoch);
}

/** 12769 → "12,769" */
export const formatCount = formatEpoch;

/** −7 → "⁻⁷" */
export function superscript(n: number): string {
  return (n < 0 ? "⁻" : "") + [...String(Math.abs(n))].map((digit) => SUPERSCRIPTS[Number(digit)]).join("");
}

/**
 * A positive quantity that may span many decades: 2.41e-7 → "2.4 × 10⁻⁷", 0.0342 → "0.034", 5.273 → "5.27".
 *
 * @param digits significant digits
 */
export function formatLoss(value: number, digits = 2): string {
  if (value === 0) return "0";
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "not a number" : "infinite";
  const size = Math.abs(value);
  if (size >= 0.01 && size < 1e5) return formatNumber(value, size >= 1 ? Math.max(3, digits) : digits);
  const [mantissa, exponent] = value.toExponential(digits - 1).split("e");
  return `${minus(mantissa)}${NO_BREAK}×${NO_BREAK}10${superscript(Number(exponent))}`;
}

/** Significant digits without exponent: 1234.5 → "1,234", 0.07312 → "0.073" */
export function formatNumber(value: number, digits = 3): string {
  return minus(new Intl.NumberFormat("en-US", { maximumSignificantDigits: digits }).format(value));
}

/** 0.9987 → "99.9 %"; never rounds an imperfect share up to 100 %. */
export function formatPercent(share: number, digits = 1): string {
  const scale = 10 ** (digits + 2);
  const rounded = Math.round(share * scale);
  const kept = rounded === scale && share < 1 ? scale - 1 : rounded;
  return `${minus((kept / 10 ** digits).toFixed(share === 1 || share === 0 ? 0 : digits))}${NO_BREAK}%`;
}

/** A tick of a log axis: 1e-7 → "10⁻⁷", 1 → "1", 0.5 → "0.5", 1000 → "10³". */
export function formatLogTick(value: number): string {
  const exponent = Math.log10(value);
  const power = Math.abs(exponent - Math.round(exponent)) < 1e-6;
  if (!power) return value >= 1e-3 && value < 1e4 ? formatNumber(value, 1) : formatLoss(value, 1);
  return exponent > -1.5 && exponent < 1.5
    ? String(Number(value.toPrecision(1)))
    : `10${superscript(Math.round(exponent))}`;
}

/** "14, 35 and 41" */
export function formatList(items: readonly (string | number)[]): string {
  if (items.length < 2) return items.join("");
  return `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;
}

const minus = (text: string) => text.replace("-", "−");
