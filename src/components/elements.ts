/** Makes HTML elements in one call. */

type Attributes = Record<string, string | number | boolean | null | undefined>;

/** An element with attributes (null, undefined and false leave one out; true sets it empty) and children. */
export function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    made.setAttribute(key, value === true ? "" : String(value));
  }
  made.append(...children);
  return made;
}

const RAISED = /^[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+$/;
/** Raised digits, and names of weights such as W_E. */
const SET_APART = /([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+|\b[Wb]_[A-Za-z]+)/;

/** Text in which raised digits become <sup>, since few fonts have them, and the index of a weight's name <sub>. */
export function richText(text: string): (Node | string)[] {
  return text
    .split(SET_APART)
    .filter(Boolean)
    .flatMap((part) => {
      if (RAISED.test(part)) {
        const digits = [...part].map((c) => (c === "⁻" ? "−" : String("⁰¹²³⁴⁵⁶⁷⁸⁹".indexOf(c))));
        return [element("sup", {}, digits.join(""))];
      }
      if (!SET_APART.test(part)) return [part];
      const [letter, index] = part.split("_");
      return [letter, element("sub", {}, index)];
    });
}
