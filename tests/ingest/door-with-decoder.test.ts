import { expect, test } from 'vitest';
import {
  allocateMailbox,
  BlackBox,
  FleetRegistry,
  MailboxReader,
  MailboxWriter,
  Pipeline,
} from '../../ingest/index.ts';
import { type DecodedMessage, decode, telemetryTopic } from '../../messages/index.ts';
import { noon } from './fleet.ts';

test('with the real decoder, bytes of a telemetry message come out of the mailbox as numbers, and bad ones are counted by reason', () => {
  const shared = allocateMailbox(8);
  const hazards: string[] = [];
  const pipeline = new Pipeline<DecodedMessage>({
    decode,
    registry: new FleetRegistry({ capacity: 8 }),
    mailbox: new MailboxWriter(shared),
    blackBox: new BlackBox({ bytes: 1 << 16 }),
    onOther: (message) => hazards.push(message.kind),
  });
  const send = (topic: string, text: string): boolean => pipeline.accept(topic, Buffer.from(text), noon + 30);
  expect(
    send(telemetryTopic('car-1'), JSON.stringify({ ts: noon, lat: 35.7, lon: 51.4, speed: 12.5, heading: 90 })),
  ).toBe(true);
  expect(send(telemetryTopic('car-1'), '{"ts":')).toBe(false);
  expect(send(telemetryTopic('car-1'), JSON.stringify({ ts: noon, lat: 91, lon: 51.4 }))).toBe(false);
  expect(send('elsewhere', '{}')).toBe(false);
  const seen: number[][] = [];
  new MailboxReader(shared).drain(8, (...numbers) => seen.push(numbers));
  expect(seen.map((numbers) => numbers.slice(2, 7))).toEqual([[noon, 35.7, 51.4, 12.5, 90]]);
  expect(pipeline.counters().dropped).toMatchObject({ 'not-json': 1, 'position-out-of-range': 1, 'unknown-topic': 1 });
});
