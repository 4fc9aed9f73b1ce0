/** The clock of an animation. It knows no browser: it is told the time, and says what to show. */

export class Playback {
  #count: number;
  #from: { index: number; time: number } | null = null;
  #rate: number;

  /**
   * @param count pictures there are
   * @param rate pictures a second
   */
  constructor(count: number, rate: number) {
    this.#count = count;
    this.#rate = rate;
  }

  get playing(): boolean {
    return this.#from !== null;
  }

  /** Starts from a picture; from the first one where it is the last. @param time milliseconds */
  start(index: number, time: number): void {
    this.#from = { index: index >= this.#count - 1 ? 0 : Math.max(0, index), time };
  }

  stop(): void {
    this.#from = null;
  }

  /** Changes the speed without a jump. */
  setRate(rate: number, time: number): void {
    if (this.#from) this.#from = { index: this.at(time), time };
    this.#rate = rate;
  }

  /**
   * The picture that belongs to a time. Pictures whose time has passed while others were being drawn are left out,
   * never made up for. Stops at the last one.
   */
  at(time: number): number {
    if (!this.#from) return this.#count - 1;
    const index = this.#from.index + Math.floor(((time - this.#from.time) / 1000) * this.#rate);
    if (index < this.#count - 1) return index;
    this.stop();
    return this.#count - 1;
  }
}
