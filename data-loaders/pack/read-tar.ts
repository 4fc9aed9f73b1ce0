/** Reads a tar archive (POSIX ustar) as `tables/tar.ts` writes it, strictly: whatever else is in it is an error. */

export interface TarEntry {
  path: string;
  bytes: Uint8Array;
}

const BLOCK = 512;

/**
 * The regular files of an archive, in its order.
 *
 * @param archive the whole archive, not compressed; the bytes given are views of it
 * @throws Error in one line: an archive that ends too soon or was altered, or an entry that is no regular file or whose
 *   size is no octal number
 */
export function readTar(archive: Buffer): TarEntry[] {
  const entries: TarEntry[] = [];
  for (let offset = 0; ; ) {
    const header = archive.subarray(offset, offset + BLOCK);
    if (header.length < BLOCK) throw new Error("the archive ends too soon");
    if (header.every((byte) => byte === 0)) return entries;
    const field = (start: number, length: number) =>
      header.toString("utf8", start, start + length).replace(/\0.*$/s, "");
    if (Number.parseInt(field(148, 8), 8) !== checksum(header)) throw new Error("the archive was altered");
    const prefix = field(345, 155);
    const path = prefix ? `${prefix}/${field(0, 100)}` : field(0, 100);
    if (field(156, 1) !== "0") throw new Error(`${path} is not a regular file`);
    const start = offset + BLOCK;
    const size = field(124, 12).trim();
    if (!/^[0-7]+$/.test(size)) throw new Error(`the size of ${path} is not an octal number`);
    const end = start + Number.parseInt(size, 8);
    if (end > archive.length) throw new Error(`the archive ends inside ${path}`);
    entries.push({ path, bytes: archive.subarray(start, end) });
    offset = start + Math.ceil((end - start) / BLOCK) * BLOCK;
  }
}

/** Sum of a header's bytes, its own eight counted as blanks. */
function checksum(header: Buffer): number {
  return header.reduce((sum, byte, i) => sum + (i >= 148 && i < 156 ? 32 : byte), 0);
}
