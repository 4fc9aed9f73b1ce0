/** Reads a tar archive (POSIX ustar): enough for regular files with short names. */

export interface TarFile {
  /** Path inside the archive. */
  path: string;
  bytes: Uint8Array;
}

const BLOCK = 512;
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes).replace(/\0.*$/s, "");

/**
 * The regular files of an archive, in its order; folders and links are left out.
 *
 * @param archive the whole archive, not compressed
 * @throws Error for an archive that ends inside a file, or a path that leads out of the folder it is unpacked to
 */
export function* tarFiles(archive: Uint8Array): Generator<TarFile> {
  for (let offset = 0; offset + BLOCK <= archive.length; ) {
    const header = archive.subarray(offset, offset + BLOCK);
    const path = text(header.subarray(0, 100));
    if (path === "") return;
    const size = Number.parseInt(text(header.subarray(124, 136)), 8) || 0;
    const start = offset + BLOCK;
    if (start + size > archive.length) throw new Error(`archive ends inside ${path}`);
    const type = String.fromCharCode(header[156]);
    if (type === "0" || type === "\0") {
      if (path.startsWith("/") || path.split("/").includes("..")) throw new Error(`unsafe path in archive: ${path}`);
      yield { path, bytes: archive.subarray(start, start + size) };
    }
    offset = start + Math.ceil(size / BLOCK) * BLOCK;
  }
}
