import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

/** 2^14 blocks of 1 KiB: 16 MiB and about 50 ms a hash. */
const cost = 16_384;
const blockSize = 8;
const keyLength = 32;
const hashPattern = /^scrypt\$(\d{5,7})\$(\d{1,2})\$([A-Za-z0-9_-]{22,64})\$([A-Za-z0-9_-]{43})$/;

/** More hashes at once would only queue in the thread pool and hold 16 MiB each. */
const atOnce = 4;
const longestQueue = 64;
let running = 0;
const waiting: (() => void)[] = [];

/** Too many password checks are waiting already. */
export class PasswordQueueFull extends Error {}

async function derive(password: string, salt: Uint8Array, n: number, r: number): Promise<Buffer> {
  if (running >= atOnce) {
    if (waiting.length >= longestQueue) throw new PasswordQueueFull(`${longestQueue} password checks are waiting`);
    await new Promise<void>((resolve) => waiting.push(resolve));
  } else running += 1;
  try {
    return await new Promise((resolve, reject) => {
      scrypt(password.normalize('NFKC'), salt, keyLength, { N: n, r, p: 1, maxmem: 256 * n * r }, (error, key) =>
        error === null ? resolve(key) : reject(error),
      );
    });
  } finally {
    const next = waiting.shift();
    if (next === undefined) running -= 1;
    else next();
  }
}

/**
 * `scrypt$N$r$salt$key`, base64url; a new random salt each time.
 * @throws PasswordQueueFull
 */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await derive(password, salt, cost, blockSize);
  return `scrypt$${cost}$${blockSize}$${salt.toString('base64url')}$${key.toString('base64url')}`;
}

/** A hash nobody's password has: unknown names take as long to refuse as known ones. */
const nobody = `scrypt$${cost}$${blockSize}$${'A'.repeat(22)}$${'A'.repeat(43)}`;

/**
 * Whether the password belongs to the hash; with no hash the same work is done and the answer is false.
 * @throws PasswordQueueFull, or RangeError on a hash this program did not write.
 */
export async function checkPassword(password: string, hash: string | undefined): Promise<boolean> {
  const parts = hashPattern.exec(hash ?? nobody);
  if (parts === null) throw new RangeError('unreadable password hash');
  const [, n = '', r = '', salt = '', key = ''] = parts;
  const derived = await derive(password, Buffer.from(salt, 'base64url'), Number(n), Number(r));
  return timingSafeEqual(derived, Buffer.from(key, 'base64url')) && hash !== undefined;
}

/** 16 characters without look-alikes, 93 bits. */
export function randomPassword(bytes: (size: number) => Uint8Array): string {
  const letters = 'abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';
  let password = '';
  while (password.length < 16) {
    for (const byte of bytes(32)) {
      const fair = byte < 256 - (256 % letters.length);
      if (fair && password.length < 16) password += letters[byte % letters.length];
    }
  }
  return password;
}
