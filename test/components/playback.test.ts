/** The clock of an animation: what is late is left out, never made up for. */
import { describe, expect, it } from "vitest";
import { Playback } from "../../src/components/playback.js";

describe("playback", () => {
  it("shows the picture that is due, from where it was started", () => {
    const playback = new Playback(10, 4);
    playback.start(2, 1000);
    expect([1000, 1249, 1250, 1500].map((time) => playback.at(time))).toEqual([2, 2, 3, 4]);
    expect(playback.playing).toBe(true);
  });

  it("drops the pictures whose time passed while one was being drawn", () => {
    const playback = new Playback(100, 10);
    playback.start(0, 0);
    expect(playback.at(100)).toBe(1);
    // Drawing took two seconds: twenty pictures are due, and only the last of them is shown.
    expect(playback.at(2100)).toBe(21);
    expect(playback.at(2200)).toBe(22);
  });

  it("stops at the last picture and starts again from the first", () => {
    const playback = new Playback(5, 10);
    playback.start(3, 0);
    expect(playback.at(60_000)).toBe(4);
    expect(playback.playing).toBe(false);
    playback.start(4, 0);
    expect(playback.at(0)).toBe(0);
  });

  it("changes speed without a jump", () => {
    const playback = new Playback(50, 2);
    playback.start(0, 0);
    playback.setRate(10, 2000);
    expect([2000, 2100, 3000].map((time) => playback.at(time))).toEqual([4, 5, 14]);
  });

  it("is at rest until it is started, and after it is stopped", () => {
    const playback = new Playback(5, 10);
    expect(playback.playing).toBe(false);
    playback.start(0, 0);
    playback.stop();
    expect(playback.playing).toBe(false);
  });
});
