/** Reflected polynomial of CRC-32C (Castagnoli), RFC 3720 appendix B.4. */
const polynomial = 0x82f63b78;

const table = new Uint32Array(256);
for (let byte = 0; byte < 256; byte++) {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) remainder = remainder & 1 ? (remainder >>> 1) ^ polynomial : remainder >>> 1;
  table[byte] = remainder >>> 0;
}

/** CRC-32C of the bytes, 0..2^32-1; `before` continues a sum over earlier bytes. */
export function crc32c(bytes: Uint8Array, before = 0): number {
  let sum = ~before >>> 0;
  for (let i = 0; i < bytes.length; i++) sum = (sum >>> 8) ^ table[(sum ^ bytes[i]) & 0xff];
  return ~sum >>> 0;
}
