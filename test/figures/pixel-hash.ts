/** What a snapshot keeps of an image within an SVG: its size and a hash of its pixels, whatever encoded them. */
import { createHash } from "node:crypto";
import { decode } from "fast-png";

const DATA_URI = /data:image\/png;base64,([A-Za-z0-9+/=]+)/g;

/** Replaces the images of an SVG's text: "pixels:113x113:3fa4…". */
export function hashPixels(svg: string): string {
  return svg.replace(DATA_URI, (_, base64: string) => {
    const { width, height, data } = decode(Buffer.from(base64, "base64"));
    const hash = createHash("sha256").update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    return `pixels:${width}x${height}:${hash.digest("hex").slice(0, 16)}`;
  });
}
