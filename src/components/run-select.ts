/** The picker of runs: grouped, so that many of them stay easy to find. */
import { pickerLabels, type RunSummary } from "../figures/run-summary.js";
import { element } from "./elements.js";

/**
 * A labelled select whose value is a run's key; it fires `input`. Groups stand in the order of the runs; runs whose
 * weights are stored have groups of their own, since of the others figures of a checkpoint stay empty.
 */
export function runSelect(runs: readonly RunSummary[], value: string): HTMLElement & { value: string } {
  const groups = new Map<string, RunSummary[]>();
  for (const run of runs) {
    const group = run.checkpoints.length ? `${run.group}, weights stored` : run.group;
    groups.set(group, [...(groups.get(group) ?? []), run]);
  }
  const labels = pickerLabels(runs);
  const option = ({ key }: RunSummary) =>
    element("option", { value: key, selected: key === value }, labels.get(key) ?? key);
  const select = element(
    "select",
    { id: "run-select" },
    ...[...groups].map(([label, members]) => element("optgroup", { label }, ...members.map(option))),
  );
  const form = element("form", {}, element("label", { for: select.id }, "Run"), select);
  form.addEventListener("submit", (event) => event.preventDefault());
  return Object.defineProperty(form, "value", {
    get: () => select.value,
    set(key: string) {
      select.value = key;
    },
  }) as unknown as HTMLElement & { value: string };
}
