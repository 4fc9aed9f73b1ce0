/** Lets the pointer be felt anywhere in a panel: within a stack, a plot takes notice of it on its marks alone. */
import * as Plot from "@observablehq/plot";

/** An invisible mark that fills the frame. */
export const hoverFrame = (): Plot.Markish => Plot.frame({ stroke: "none", fill: "none", pointerEvents: "all" });
