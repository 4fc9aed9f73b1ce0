/** Writes a tar archive (POSIX ustar) of regular files with short names. */

const BLOCK = 512;

/** @throws RangeError for a name of 100 bytes or more */
export function tar(files: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const blocks: Uint8Array[] = [];
  for (const [name, bytes] of files) {
    blocks.push(header(name, bytes.length), bytes, new Uint8Array(-bytes.length & (BLOCK - 1)));
  }
  return Buffer.concat([...blocks, new Uint8Array(2 * BLOCK)]);
}

function header(name: string, size: number): Uint8Array {
  if (Buffer.byteLength(name) >= 100) throw new RangeError(`tar: the name ${name} is too long`);
  const block = Buffer.alloc(BLOCK);
  const octal = (value: number, digits: number) => `${value.toString(8).padStart(digits, "0")}\0`;
  block.write(name, 0);
  block.write(octal(0o644, 7), 100); // mode
  block.write(octal(0, 7), 108); // owner
  block.write(octal(0, 7), 116); // group
  block.write(octal(size, 11), 124);
  block.write(octal(0, 11), 136); // time: none, so that the same files give the same archive
  block.write("        ", 148); // the checksum counts itself as blanks
  block.write("0", 156); // a regular file
  block.write("ustar\0" + "00", 257, "latin1");
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${octal(sum, 6)} `, 148);
  return block;
}
