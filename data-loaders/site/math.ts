/** Math in markdown: `$…$` and `$$…$$` become MathML at build time; `${…}` is left to Framework. */
import temml from "temml";

const DOLLAR = 0x24;
const BRACE = 0x7b;
const BACKSLASH = 0x5c;

interface InlineState {
  src: string;
  pos: number;
  posMax: number;
  push(type: string, tag: string, nesting: number): { content: string; meta: unknown };
}

interface Markdown {
  inline: { ruler: { before(name: string, rule: string, fn: (state: InlineState, silent: boolean) => boolean): void } };
  renderer: { rules: Record<string, (tokens: { content: string; meta: unknown }[], index: number) => string> };
}

/** Finds the formula that opens at `start`, or null. Its inner ends must not be spaces, so that prices stay prices. */
export function findMath(text: string, start: number): { tex: string; display: boolean; end: number } | null {
  if (text.charCodeAt(start) !== DOLLAR) return null;
  const display = text.charCodeAt(start + 1) === DOLLAR;
  const open = start + (display ? 2 : 1);
  if (text.charCodeAt(open) === BRACE) return null;
  for (let i = open; i < text.length; i++) {
    if (text.charCodeAt(i) === BACKSLASH) i++;
    else if (text.charCodeAt(i) === DOLLAR) {
      const closes = display ? text.charCodeAt(i + 1) === DOLLAR : true;
      const tex = text.slice(open, i);
      if (!closes || tex.trim() === "" || (!display && tex !== tex.trim())) return null;
      return { tex, display, end: i + (display ? 2 : 1) };
    }
  }
  return null;
}

/**
 * A formula as MathML.
 *
 * @throws Error for TeX that cannot be read, or that not every browser would draw: the build should not go on
 */
export function toMathMl(tex: string, display: boolean): string {
  const math = drawnEverywhere(temml.renderToString(tex, { displayMode: display, throwOnError: true }), tex);
  // What scrolls on a phone must be reached by the keyboard too.
  return display ? `<span class="formula" tabindex="0" role="group" aria-label="Formula">${math}</span>` : math;
}

const OVERLINE = '<menclose notation="top" class="tml-overline">';

/** Chromium draws no menclose: an overline becomes a row, whose border the stylesheet draws; others are refused. */
function drawnEverywhere(math: string, tex: string): string {
  const rows = math.replaceAll(OVERLINE, '<mrow class="tml-overline">');
  if (rows.includes("<menclose")) throw new Error(`formula: ${tex} needs menclose, which Chromium does not draw`);
  return rows.replaceAll("</menclose>", "</mrow>");
}

/** Plugin of markdown-it. */
export function mathInline(md: Markdown) {
  md.inline.ruler.before("escape", "math", (state, silent) => {
    const found = findMath(state.src.slice(0, state.posMax), state.pos);
    if (!found) return false;
    if (!silent) {
      const token = state.push("math", "math", 0);
      token.content = found.tex;
      token.meta = found.display;
    }
    state.pos = found.end;
    return true;
  });
  md.renderer.rules.math = (tokens, index) => toMathMl(tokens[index].content, tokens[index].meta === true);
  return md;
}
