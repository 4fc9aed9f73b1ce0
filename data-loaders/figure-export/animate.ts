/** An animated GIF of pictures of one size. */
import { createRequire } from "node:module";
import type gifenc from "gifenc";
import type { Pixels } from "./rasterize.js";

// The package is CommonJS with a default export of its own, which Node, tsx and vitest import in three ways.
const { GIFEncoder, applyPalette, quantize }: typeof gifenc = createRequire(import.meta.url)("gifenc");

const COLORS = 256;

/** Takes pictures one after the other, so that one at a time is in memory. */
export class Animation {
  readonly #encoder = GIFEncoder();
  readonly #milliseconds: number;
  #held: Pixels | undefined;

  /** @param milliseconds how long each picture is shown; the last one stays four times as long */
  constructor(milliseconds: number) {
    this.#milliseconds = milliseconds;
  }

  add(picture: Pixels) {
    if (this.#held) this.#write(this.#held, this.#milliseconds);
    this.#held = picture;
  }

  /** The GIF file. @throws RangeError where no picture was added */
  bytes(): Uint8Array {
    if (!this.#held) throw new RangeError("an animation needs at least one picture");
    this.#write(this.#held, 4 * this.#milliseconds);
    this.#encoder.finish();
    return this.#encoder.bytes();
  }

  #write({ width, height, rgba }: Pixels, delay: number) {
    const palette = quantize(rgba, COLORS);
    this.#encoder.writeFrame(applyPalette(rgba, palette), width, height, { palette, delay });
  }
}
