/** Turns a click or a drag in a chart over epochs into the shared epoch. */

interface EpochAxis {
  type: "linear" | "log";
  domain: [number, number];
  range: [number, number];
}

/** The epoch under a horizontal position in the chart, or null beside its axis. */
export function epochAt({ type, domain: [low, high], range: [left, right] }: EpochAxis, x: number): number | null {
  const share = (x - left) / (right - left);
  if (share < -0.01 || share > 1.01) return null;
  const t = Math.min(1, Math.max(0, share));
  return Math.round(type === "log" ? low * (high / low) ** t : low + t * (high - low));
}

/** Listens on a drawing whose SVG carries its axis of epochs (`markEpochAxis`); other drawings are left alone. */
export function followPointer(drawing: HTMLElement, onEpoch: (epoch: number) => void) {
  let from: number | null = null;
  const epochOf = (event: PointerEvent) => {
    const svg = drawing.querySelector("svg[data-epoch-axis]");
    if (!svg) return null;
    const axis = JSON.parse(svg.getAttribute("data-epoch-axis") as string) as EpochAxis;
    return epochAt(axis, event.clientX - svg.getBoundingClientRect().left);
  };
  drawing.addEventListener("pointerdown", (event) => {
    if (event.button === 0) from = event.clientX;
  });
  // A finger that moves is scrolling the page; a mouse that moves is scrubbing.
  drawing.addEventListener("pointermove", (event) => {
    if (from === null || event.buttons !== 1 || event.pointerType !== "mouse") return;
    const epoch = epochOf(event);
    if (epoch !== null) onEpoch(epoch);
  });
  drawing.addEventListener("pointerup", (event) => {
    const moved = from === null ? Number.POSITIVE_INFINITY : Math.abs(event.clientX - from);
    from = null;
    const epoch = moved < 5 ? epochOf(event) : null;
    if (epoch !== null) onEpoch(epoch);
  });
}
