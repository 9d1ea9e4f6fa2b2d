import { connect, type Socket } from 'node:net';

/** Longest wait for the answer to one message, ms: a step of a large world takes well below a second. */
const answerTimeoutMs = 60_000;

/**
 * One TCP connection to SUMO on this machine: a message out, its answer back, one at a time. Everything fails for good, with the reason,
 * once the connection is lost.
 */
export class TraciConnection {
  private readonly socket: Socket;
  private chunks: Buffer[] = [];
  private size = 0;
  private waiting: { resolve: (message: Buffer) => void; reject: (error: Error) => void } | undefined;
  private lost: Error | undefined;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.setNoDelay(true);
    socket.setTimeout(answerTimeoutMs);
    socket.on('data', (chunk) => this.receive(chunk));
    socket.on('error', (error) => this.fail(error));
    socket.on('close', () => this.fail(new Error('SUMO closed the connection')));
    socket.on('timeout', () => {
      if (this.waiting !== undefined)
        this.socket.destroy(new Error(`SUMO did not answer within ${answerTimeoutMs} ms`));
    });
  }

  /** Opens the connection. Rejects when nobody listens there. */
  static open(port: number): Promise<TraciConnection> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.off('error', reject);
        resolve(new TraciConnection(socket));
      });
    });
  }

  /** Sends a message's commands and resolves to the commands of the answer. @throws Error when one is under way already. */
  request(commands: Buffer): Promise<Buffer> {
    if (this.waiting !== undefined) throw new Error('TraCI: the answer to the message before has not come yet');
    return new Promise((resolve, reject) => {
      if (this.lost !== undefined) {
        reject(this.lost);
        return;
      }
      this.waiting = { resolve, reject };
      const head = Buffer.alloc(4);
      head.writeInt32BE(commands.length + 4);
      this.socket.write(Buffer.concat([head, commands]));
    });
  }

  close(): void {
    this.socket.end();
  }

  private receive(chunk: Buffer): void {
    this.chunks.push(chunk);
    this.size += chunk.length;
    if (this.size < 4) return;
    const whole = this.chunks.length === 1 ? this.chunks[0] : Buffer.concat(this.chunks);
    this.chunks = [whole];
    const length = whole.readInt32BE(0);
    if (length < 4) this.socket.destroy(new Error(`SUMO sent a message of ${length} bytes`));
    else if (this.size >= length) {
      const { waiting } = this;
      this.waiting = undefined;
      this.chunks = this.size > length ? [whole.subarray(length)] : [];
      this.size -= length;
      waiting?.resolve(whole.subarray(4, length));
    }
  }

  private fail(error: Error): void {
    this.lost ??= error;
    this.waiting?.reject(this.lost);
    this.waiting = undefined;
  }
}
