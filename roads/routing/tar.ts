/** One regular file of a tar archive (ustar): header block, content, padding to 512 bytes. */
export function tarEntry(name: string, content: Uint8Array): Uint8Array {
  if (Buffer.byteLength(name) > 100) throw new RangeError(`tar entry name longer than 100 bytes: ${name}`);
  const padded = Math.ceil(content.length / tarBlock) * tarBlock;
  const entry = Buffer.alloc(tarBlock + padded);
  entry.write(name, 0);
  entry.write('0000644\0', 100);
  entry.write('0000000\0', 108);
  entry.write('0000000\0', 116);
  entry.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124);
  entry.write('00000000000\0', 136);
  entry.write('        ', 148);
  entry.write('0', 156);
  entry.write('ustar\x0000', 257);
  let sum = 0;
  for (let i = 0; i < tarBlock; i++) sum += entry[i] as number;
  entry.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  entry.set(content, tarBlock);
  return entry;
}

export const tarBlock = 512;
/** Two empty blocks end an archive. */
export const tarEnd = (): Uint8Array => Buffer.alloc(2 * tarBlock);
