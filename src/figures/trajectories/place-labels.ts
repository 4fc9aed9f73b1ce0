/** Words beside points, placed so that they cover neither each other nor the points. */

export interface PointLabel {
  /** Pixels. */
  x: number;
  y: number;
  /** Lines are parted by \n. */
  text: string;
  /** Left out where every place would cover something; others then take the least bad place. */
  optional?: boolean;
}

export interface PlacedLabel<Label extends PointLabel> {
  label: Label;
  /** From the point to the middle of the words. */
  dx: number;
  dy: number;
}

interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** Pixels of a character of 12, and half of a line. */
const CHARACTER = 6.2;
const HALF_LINE = 7;
/** From a point to the nearest edge of its words. */
const AWAY = 7;
/** Half of the square that a point takes. */
const POINT = 2;

/**
 * Places labels one after the other, above, below, beside or aslant of their points.
 *
 * @param labels the most important first
 * @param points that words should not cover, in pixels
 * @param frame what words should stay in
 */
export function placeLabels<Label extends PointLabel>(
  labels: readonly Label[],
  points: readonly { x: number; y: number }[],
  frame: Box,
): PlacedLabel<Label>[] {
  const taken: Box[] = [];
  const dots = points.map(({ x, y }) => around(x, y, POINT, POINT));
  return labels.flatMap((label) => {
    const lines = label.text.split("\n");
    const half = (Math.max(...lines.map((line) => line.length)) * CHARACTER) / 2;
    const high = lines.length * HALF_LINE;
    const [beside, over] = [half + AWAY, high + AWAY];
    const places = [
      { dx: 0, dy: -over },
      { dx: 0, dy: over },
      { dx: -beside, dy: 0 },
      { dx: beside, dy: 0 },
      ...[-high, high].flatMap((dy) => [-beside, beside].map((dx) => ({ dx, dy }))),
    ].map(({ dx, dy }) => {
      const box = around(label.x + dx, label.y + dy, half, high);
      const covers = dots.filter((dot) => overlap(dot, box)).length;
      const words = taken.filter((other) => overlap(other, box)).length;
      return { dx, dy, box, cost: covers + 20 * words + (within(box, frame) ? 0 : 10) };
    });
    const best = places.reduce((least, next) => (next.cost < least.cost ? next : least));
    if (label.optional && best.cost > 0) return [];
    taken.push(best.box);
    return [{ label, dx: best.dx, dy: best.dy }];
  });
}

const around = (x: number, y: number, halfWidth: number, halfHeight: number): Box => ({
  left: x - halfWidth,
  right: x + halfWidth,
  top: y - halfHeight,
  bottom: y + halfHeight,
});

const overlap = (a: Box, b: Box) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

const within = (box: Box, frame: Box) =>
  box.left >= frame.left && box.right <= frame.right && box.top >= frame.top && box.bottom <= frame.bottom;
