import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';

/** Chunks of text of a file, gunzipped when the name ends in .gz. @throws Error naming the file when it cannot be read or unpacked. */
async function* textChunks(file: string): AsyncGenerator<string> {
  const raw = createReadStream(file, { highWaterMark: 1 << 18 });
  const stream = file.endsWith('.gz') ? raw.pipe(createGunzip()) : raw;
  raw.once('error', (error) => stream.destroy(error));
  const decoder = new TextDecoder();
  try {
    for await (const chunk of stream) yield decoder.decode(chunk as Uint8Array, { stream: true });
    yield decoder.decode();
  } catch (error) {
    throw new Error(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Lines of a text file, plain or gzip, in batches, without their line ends. */
export async function* lineBatches(file: string): AsyncGenerator<readonly string[]> {
  let rest = '';
  for await (const chunk of textChunks(file)) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    yield lines.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
  }
  if (rest !== '') yield [rest];
}
