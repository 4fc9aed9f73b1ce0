/** What a built site still needs, and what must not be in it. */
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const htmlFiles = (folder: string): string[] =>
  readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return htmlFiles(path);
    return name.endsWith(".html") ? [path] : [];
  });

/** Names the language of a page, lets readers zoom, and makes the sidebar's list and switch fit for screen readers. */
export function mendPage(html: string): string {
  return html
    .replace(/(<input id="observablehq-sidebar-toggle" type="checkbox") title="([^"]*)"/, '$1 aria-label="$2"')
    .replace(/(<label id="observablehq-sidebar-close"[^>]*><\/label>)\s*(<li [^>]*>)/, "$2$1")
    .replace(/<html>/, '<html lang="en">')
    .replace(/(<meta name="viewport" content="[^"]*?), maximum-scale=1"/, '$1"');
}

/**
 * Mends every page of a built site.
 *
 * @returns one line per fault found: cells that could not be compiled, addresses of content networks
 */
export function finishBuild(folder: string): string[] {
  const faults: string[] = [];
  for (const path of htmlFiles(folder)) {
    const html = readFileSync(path, "utf8");
    const error = /observablehq--error">([^<]*)/.exec(html);
    if (error) faults.push(`${path}: a cell does not compile: ${error[1]}`);
    const outside = /(?:src|href)="(https?:)?\/\/[^"]*\.(?:js|css|woff2?)"/.exec(html);
    if (outside) faults.push(`${path}: loads from outside: ${outside[0]}`);
    writeFileSync(path, mendPage(html));
  }
  return faults;
}

/** Lines of a build's log that are warnings, without colours. */
export function warningsIn(log: string): string[] {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape sequences of terminal colours
  const plain = log.replace(/\u001b\[[0-9;]*m/g, "");
  return plain.split("\n").filter((line) => /^(Warning:|↳|left out:|\w*Error: )/.test(line));
}
