import type { AedesPublishPacket, Client } from 'aedes';
import { generate } from 'mqtt-packet';

const lastMessageId = 65_535;

/** What Aedes counts inside a connection: the id of its next message with QoS 1. */
interface Numbering {
  _nextId: number;
}

function isNumbered(client: Client): client is Client & Numbering {
  return '_nextId' in client && typeof client._nextId === 'number';
}

/**
 * Writes the message to a subscriber before it returns, with the lower of the message's QoS and that of the subscription. Aedes itself
 * delivers after the event loop has read every socket that has something: while thousands report, a warning would wait a tenth of a second.
 * False where Aedes must see to it: a session that outlives its connection, whose messages it keeps until they are acknowledged, and retained ones.
 */
export function writeNow(client: Client, packet: AedesPublishPacket, granted: number): boolean {
  if (!client.clean || !client.connected || packet.retain || !isNumbered(client)) return false;
  const { topic, payload } = packet;
  const common = { cmd: 'publish', topic, payload, retain: false, dup: false } as const;
  if (packet.qos === 0 || granted === 0) {
    client.conn.write(generate({ ...common, qos: 0 }));
    return true;
  }
  const messageId = client._nextId;
  client._nextId = messageId >= lastMessageId ? 1 : messageId + 1;
  client.conn.write(generate({ ...common, qos: 1, messageId }));
  return true;
}
