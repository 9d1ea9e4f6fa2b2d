import { randomBytes } from 'node:crypto';
import type { AuthenticateError, Client, ConnectPacket } from 'aedes';
import type { Verifier } from '../credentials/verifier.ts';
import { clientIdBelongsTo, isSafeId } from '../identifier.ts';
import type { EmbeddedCounter } from './counter-names.ts';
import { fixedLimits, type ResolvedOptions } from './options.ts';
import type { Refusals } from './refusals.ts';
import type { Session } from './session.ts';
import type { Sessions } from './sessions.ts';

/** CONNACK return codes of MQTT 3.1.1, table 3.1. */
const code = { identifier: 2, unavailable: 3, badSecret: 4, notAuthorized: 5 } as const;
type ReturnCode = (typeof code)[keyof typeof code];
type Refusal = readonly [ReturnCode, EmbeddedCounter, string];

const notProven: Record<'back-off' | 'busy' | 'wrong', Refusal> = {
  'back-off': [code.unavailable, 'refusedBackOff', 'too many wrong passwords'],
  busy: [code.unavailable, 'refusedBusy', 'too many logins wait'],
  wrong: [code.badSecret, 'refusedAuth', 'unknown principal or wrong password'],
};

/** Who may connect: the rules of CONNECT, in two steps as Aedes asks them. */
export class Admission {
  readonly #options: ResolvedOptions;
  readonly #verifier: Verifier;
  readonly #sessions: Sessions;
  readonly #refusals: Refusals;
  readonly #asked = new WeakMap<Client, { readonly packet: ConnectPacket; readonly address: string }>();

  constructor(options: ResolvedOptions, verifier: Verifier, sessions: Sessions, refusals: Refusals) {
    this.#options = options;
    this.#verifier = verifier;
    this.#sessions = sessions;
    this.#refusals = refusals;
  }

  /** Before anything is looked up: what can be refused by the packet alone. The refused client gets its CONNACK code. */
  preConnect(
    client: Client,
    packet: ConnectPacket,
    address: string,
    done: (error: Error | null, ok: boolean) => void,
  ): void {
    const version = packet.protocolVersion ?? 4;
    if (version !== 3 && version !== 4) {
      // Aedes answers "unacceptable protocol version" itself [MQTT-3.1.2-2].
      done(null, true);
      return;
    }
    const refusal = this.#judge(packet);
    if (refusal !== undefined) {
      const [returnCode, counter, reason] = refusal;
      this.#refusals.note(counter, { address }, `CONNECT refused: ${reason}`);
      client.conn.write(Uint8Array.of(0x20, 2, 0, returnCode), () => done(new Error(reason), false));
      return;
    }
    if (packet.clientId === '') packet.clientId = `${packet.username}/${randomBytes(8).toString('hex')}`;
    this.#asked.set(client, { packet, address });
    done(null, true);
  }

  /** Proves the secret and applies what depends on the credential. Opens the session. */
  async authenticate(client: Client, secret: Uint8Array | undefined): Promise<Session> {
    const asked = this.#asked.get(client);
    const principal = asked?.packet.username;
    if (asked === undefined || principal === undefined)
      throw this.#refuse([code.notAuthorized, 'refusedAuth', 'no CONNECT'], {});
    const { packet, address } = asked;
    const fields = { principal, address };
    const verdict = await this.#verifier.verify(principal, secret ?? Buffer.alloc(0), address);
    if (verdict.result !== 'ok') throw this.#refuse(notProven[verdict.result], fields);
    const { credential } = verdict;
    if (packet.clean !== true && (credential.kind !== 'vehicle' || packet.clientId !== principal))
      throw this.#refuse(
        [code.notAuthorized, 'refusedSession', 'a persistent session is only for a vehicle under its own id'],
        fields,
      );
    const session = this.#sessions.open(client, credential);
    if (session === undefined)
      throw this.#refuse([code.unavailable, 'connectionsRefused', 'too many connections of this credential'], fields);
    if (packet.will !== undefined && session.route(packet.will.topic) === undefined)
      throw this.#refuse([code.notAuthorized, 'refusedWill', 'will on a topic that is not its own'], fields);
    return session;
  }

  #judge(packet: ConnectPacket): Refusal | undefined {
    const { username, clientId, clean, will } = packet;
    if (username === undefined || username === '') return [code.badSecret, 'refusedAuth', 'no username'];
    if (!isSafeId(username)) return [code.badSecret, 'refusedAuth', 'username with illegal characters'];
    if (clientId === '' && clean !== true)
      return [code.identifier, 'refusedClientId', 'empty client id without clean session'];
    if (clientId !== '' && !clientIdBelongsTo(username, clientId))
      return [code.identifier, 'refusedClientId', `client id must be ${username} or ${username}/SUFFIX`];
    if (will?.retain === true) return [code.notAuthorized, 'refusedWill', 'retained will'];
    if (will !== undefined && will.payload.length > this.#options.maxIncidentBytes)
      return [code.notAuthorized, 'refusedWill', 'will too large'];
    const { keepalive } = packet;
    return keepalive === undefined || keepalive === 0 || keepalive > fixedLimits.keepaliveSeconds
      ? [
          code.notAuthorized,
          'refusedSession',
          `keep-alive ${keepalive ?? 0} s: expected 1..${fixedLimits.keepaliveSeconds}`,
        ]
      : undefined;
  }

  #refuse([returnCode, counter, reason]: Refusal, fields: object): AuthenticateError {
    this.#refusals.note(counter, fields, `CONNECT refused: ${reason}`);
    return Object.assign(new Error(reason), { returnCode });
  }
}
