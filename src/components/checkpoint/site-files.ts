/** Where a page finds the files that its worker needs. */
import { FileAttachment } from "observablehq:stdlib";
import type { Setup } from "./messages.js";

/**
 * The addresses, absolute. Pages name the folder of checkpoints in their head, since Framework's preview has it under
 * another path than the built site.
 */
export function siteFiles(): Setup {
  const folder = document.querySelector<HTMLMetaElement>('meta[name="checkpoints"]')?.content ?? "./checkpoints/";
  return {
    kind: "setup",
    step: {
      relaxed: FileAttachment("../../training/wasm/compiled/relaxed.wasm").href,
      simd: FileAttachment("../../training/wasm/compiled/simd.wasm").href,
    },
    transforms: FileAttachment("../../training/wasm/compiled/transforms.wasm").href,
    checkpoints: new URL(folder, document.baseURI).href,
  };
}
