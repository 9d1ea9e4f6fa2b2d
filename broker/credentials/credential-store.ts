import { type FSWatcher, watch } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import type { HolderKind } from '../access/holder.ts';
import { isSafeId, isSafePrefix } from '../identifier.ts';
import type { BrokerLog } from '../log.ts';
import { appendLine, credentialFileName, type ReadPosition, readLines } from './credential-file.ts';
import type { Credential } from './entry.ts';
import { generateSecret, hashSecret } from './secret-hash.ts';

export interface NewCredential {
  readonly principal: string;
  readonly kind: HolderKind;
  readonly prefix?: string;
  /** Chosen by a person, at least 8 characters; without it a secret is generated. */
  readonly password?: string;
}

const pollMs = 1000;

/**
 * The credentials of one data folder: an append-only file of JSON lines, read into memory and followed while the platform
 * runs, so that adding, rotating and revoking on the command line take effect within about a second.
 */
export class CredentialStore {
  readonly #dataDir: string;
  readonly #now: () => number;
  #credentials = new Map<string, Credential>();
  #position: ReadPosition | undefined;
  #badLines = 0;
  #tornBytes = 0;
  #reading: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #watcher: FSWatcher | undefined;

  private constructor(dataDir: string, now: () => number) {
    this.#dataDir = dataDir;
    this.#now = now;
  }

  /** Reads the whole file. A missing file is an empty store. */
  static async open(dataDir: string, now: () => number = Date.now): Promise<CredentialStore> {
    const store = new CredentialStore(dataDir, now);
    await store.#read();
    return store;
  }

  find(principal: string): Credential | undefined {
    return this.#credentials.get(principal);
  }

  list(): readonly Credential[] {
    return [...this.#credentials.values()];
  }

  /** Lines that could not be read, and whether the last one is torn. */
  get badLines(): number {
    return this.#badLines + (this.#tornBytes > 0 ? 1 : 0);
  }

  /** Adds a credential and returns its secret, which is kept nowhere. Throws when the principal exists or an argument is out of range. */
  async add(wanted: NewCredential): Promise<string> {
    await this.#read();
    if (this.#credentials.has(wanted.principal))
      throw new Error(`${wanted.principal} exists already; revoke it first, or rotate its secret`);
    return this.#write('add', wanted);
  }

  /** Gives an existing credential a new secret; sessions that used the old one are cut. Throws when it does not exist. */
  async rotate(principal: string, password?: string): Promise<string> {
    await this.#read();
    const { kind, prefix } = this.#existing(principal);
    return this.#write('rotate', {
      principal,
      kind,
      ...(prefix === undefined ? {} : { prefix }),
      ...(password === undefined ? {} : { password }),
    });
  }

  /** Throws when the principal does not exist. */
  async revoke(principal: string): Promise<void> {
    await this.#read();
    this.#existing(principal);
    await appendLine(this.#dataDir, { op: 'revoke', principal, revokedMs: this.#now() });
    await this.#read();
  }

  /**
   * Follows the file from now on and names every principal whose credential was revoked or replaced.
   * Notified by the file system where that works, and once a second in any case.
   */
  async follow(changed: (principals: readonly string[]) => void, log: BrokerLog): Promise<void> {
    await mkdir(this.#dataDir, { recursive: true, mode: 0o700 });
    const refresh = (): void => {
      this.#read().then(
        (gone) => {
          if (gone.length > 0) changed(gone);
        },
        (error: unknown) => log.error({ error }, 'credentials file cannot be read; the known credentials stay valid'),
      );
    };
    this.#timer = setInterval(refresh, pollMs);
    this.#timer.unref();
    try {
      this.#watcher = watch(this.#dataDir, { persistent: false }, (_, file) => {
        // The folder holds other files too, some of them written all the time.
        if (file === null || file === credentialFileName) refresh();
      });
      this.#watcher.on('error', (error) => log.warn({ error }, 'file notification ended; polling once a second'));
    } catch (error) {
      log.warn({ error }, 'no file notification here; polling once a second');
    }
  }

  close(): void {
    clearInterval(this.#timer);
    this.#watcher?.close();
  }

  #existing(principal: string): Credential {
    const found = this.#credentials.get(principal);
    if (found === undefined) throw new Error(`${principal}: no such credential`);
    return found;
  }

  async #write(op: 'add' | 'rotate', wanted: NewCredential): Promise<string> {
    const { principal, kind, prefix, password } = wanted;
    if (!isSafeId(principal))
      throw new RangeError(`id ${JSON.stringify(principal)}: expected 1..64 characters of A-Z a-z 0-9 _ . : -`);
    if ((kind === 'gateway') !== (prefix !== undefined))
      throw new RangeError('a gateway needs a prefix, and only a gateway has one');
    if (prefix !== undefined && !isSafePrefix(prefix))
      throw new RangeError(`prefix ${JSON.stringify(prefix)}: expected 1..48 characters of A-Z a-z 0-9 _ . : -`);
    if (password !== undefined && (password.length < 8 || password.length > 256))
      throw new RangeError(`password of ${password.length} characters: expected 8..256`);
    const secret = password ?? generateSecret();
    const hash = await hashSecret(secret, password === undefined ? 'generated' : 'chosen');
    const credential = { principal, kind, ...(prefix === undefined ? {} : { prefix }), ...hash };
    await appendLine(this.#dataDir, { op, ...credential, createdMs: this.#now() });
    await this.#read();
    return secret;
  }

  /** One read at a time; returns the principals whose earlier credential is no longer valid. */
  async #read(): Promise<readonly string[]> {
    while (this.#reading !== undefined) await this.#reading;
    let done = (): void => undefined;
    this.#reading = new Promise((resolve) => {
      done = resolve;
    });
    try {
      return await this.#readOnce();
    } finally {
      this.#reading = undefined;
      done();
    }
  }

  async #readOnce(): Promise<readonly string[]> {
    const read = await readLines(this.#dataDir, this.#position);
    const before = this.#credentials;
    const after = read.fromStart ? new Map<string, Credential>() : new Map(before);
    for (const line of read.lines) {
      if (line.op === 'revoke') after.delete(line.principal);
      else after.set(line.principal, line);
    }
    this.#badLines = read.badLines + (read.fromStart ? 0 : this.#badLines);
    this.#tornBytes = read.tornBytes;
    this.#position = read.position;
    this.#credentials = after;
    return [...before.values()]
      .filter((old) => after.get(old.principal)?.hash !== old.hash)
      .map((old) => old.principal);
  }
}
