import { mkdir, open, readdir, readFile, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';

/** An open journal file, append only. */
export interface JournalFile {
  /** Writes all bytes or rejects. */
  write(bytes: Uint8Array): Promise<void>;
  /** fdatasync. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** What the journal needs of a disk; tests put a failing one in its place. Names are inside one folder. */
export interface JournalFiles {
  prepare(): Promise<void>;
  list(): Promise<readonly string[]>;
  read(name: string): Promise<Uint8Array>;
  create(name: string): Promise<JournalFile>;
  rename(from: string, to: string): Promise<void>;
  remove(name: string): Promise<void>;
  /** fsync of the folder: a new, renamed or removed name is on disk only then. */
  syncFolder(): Promise<void>;
}

/** The real folder `path`; created with mode 0700, files 0600. */
export function journalFolder(path: string): JournalFiles {
  return {
    async prepare() {
      await mkdir(path, { recursive: true, mode: 0o700 });
    },
    list: () => readdir(path),
    read: (name) => readFile(join(path, name)),
    async create(name) {
      const handle = await open(join(path, name), 'ax', 0o600);
      return {
        async write(bytes) {
          for (let done = 0; done < bytes.length; ) {
            const { bytesWritten } = await handle.write(bytes, done, bytes.length - done);
            done += bytesWritten;
          }
        },
        sync: () => handle.datasync(),
        close: () => handle.close(),
      };
    },
    rename: (from, to) => rename(join(path, from), join(path, to)),
    remove: (name) => unlink(join(path, name)),
    async syncFolder() {
      if (process.platform === 'win32') return;
      const handle = await open(path, 'r');
      try {
        await handle.sync();
      } finally {
        await handle.close();
      }
    },
  };
}
