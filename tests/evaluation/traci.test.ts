import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { TraciFormatError, TraciReader, TraciWriter } from '../../evaluation/closed-loop/traci-bytes.ts';
import { TraciClient, TraciError } from '../../evaluation/closed-loop/traci-client.ts';
import { Command, collisionFields, VehicleVariable } from '../../evaluation/closed-loop/traci-codes.ts';

/** Answers, as hex of whole messages, to the messages of one client in turn; what it received is kept. */
async function speaker(answers: readonly string[]): Promise<{ port: number; heard: string[]; server: Server }> {
  const heard: string[] = [];
  const server = createServer((socket: Socket) => {
    socket.on('data', (bytes) => {
      heard.push(bytes.toString('hex'));
      const answer = answers[heard.length - 1];
      if (answer === undefined) socket.destroy();
      else for (const byte of Buffer.from(answer, 'hex')) socket.write(Uint8Array.of(byte));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return { port: typeof address === 'object' && address !== null ? address.port : 0, heard, server };
}

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});
async function clientOf(answers: readonly string[]) {
  const { port, heard, server } = await speaker(answers);
  servers.push(server);
  return { client: await TraciClient.open(port), heard };
}

/** A message of these commands, in hex, with its length before it. */
function message(...commands: readonly string[]): string {
  const content = commands.join('');
  return (content.length / 2 + 4).toString(16).padStart(8, '0') + content;
}

const text = (value: string): string =>
  value.length.toString(16).padStart(8, '0') + Buffer.from(value, 'latin1').toString('hex');

describe('TraCI', () => {
  it('asks for the version with the bytes of the protocol and reads the answer byte by byte', async () => {
    const { client, heard } = await clientOf([message('07000000000000', `0b00${'00000014'}${text('S')}`)]);
    expect(await client.version()).toEqual({ api: 20, software: 'S' });
    expect(heard).toEqual(['000000060200']);
  });

  it('hands on subscribed values of a step', async () => {
    const vehicle = `1ae4${text('a')}02${'40000b4024000000000000'}${'5b000900000008'}`;
    const { client } = await clientOf([message('07020000000000', '00000001', vehicle)]);
    const got: unknown[] = [];
    await client.step((...values) => got.push(values));
    expect(got).toEqual([
      [Command.subscribeVehicle, 'a', VehicleVariable.speed, 10],
      [Command.subscribeVehicle, 'a', VehicleVariable.signals, 8],
    ]);
  });

  it('sends queued changes in one message and says why SUMO refused one', async () => {
    const { client, heard } = await clientOf([message('07c40000000000', `0ac4ff${text('not')}`)]);
    client.set(VehicleVariable.speed, 'a', 10);
    client.set(VehicleVariable.speedMode, 'a', 27, 'integer');
    await expect(client.send()).rejects.toThrow(new TraciError('SUMO refused command 0xc4: not'));
    expect(heard).toEqual([message(`11c440${text('a')}0b4024000000000000`, `0dc4b3${text('a')}090000001b`)]);
  });

  it('keeps queued changes apart from a question asked before they are sent', async () => {
    const answer = message('07a40000000000', `19b448${text('a')}0b3ff8000000000000`);
    const { client, heard } = await clientOf([answer, message('07c40000000000')]);
    client.set(VehicleVariable.speed, 'a', 10);
    expect(await client.get(Command.getVehicle, VehicleVariable.tau, 'a')).toBe(1.5);
    await client.send();
    expect(heard).toEqual([message(`08a448${text('a')}`), message(`11c440${text('a')}0b4024000000000000`)]);
  });

  it('rejects everything once the connection is lost', async () => {
    const { client } = await clientOf([]);
    await expect(client.version()).rejects.toThrow();
    await expect(client.version()).rejects.toThrow();
  });

  it('long commands carry their length in four bytes, and values come back as written', () => {
    const long = 'x'.repeat(300);
    const bytes = new TraciWriter().command(0xc4, new TraciWriter().ubyte(0x0c).text(long).toBuffer()).toBuffer();
    const reader = new TraciReader(bytes);
    expect(reader.commandSize()).toBe(bytes.length - 5);
    expect(reader.ubyte()).toBe(0xc4);
    expect(reader.value()).toBe(long);
    expect(reader.left).toBe(0);
  });

  it('a message of any length holds all that was written, wherever its memory grew', () => {
    const writer = new TraciWriter();
    for (let i = 0; i < 2000; i += 1)
      writer
        .ubyte(i & 255)
        .int(i)
        .double(i / 3)
        .text(`vehicle ${i}`);
    const bytes = writer.toBuffer();
    const reader = new TraciReader(bytes);
    for (let i = 0; i < 2000; i += 1)
      expect([reader.ubyte(), reader.int(), reader.double(), reader.text()]).toEqual([
        i & 255,
        i,
        i / 3,
        `vehicle ${i}`,
      ]);
    expect(reader.left).toBe(0);
  });

  it('reads the collision list whatever number of parts it announces', () => {
    const record = ['a', 'b', 'car', 'car'].map((one) => `0c${text(one)}`).join('');
    const speeds = '0b4024000000000000'.repeat(2);
    const place = `0c${text('lane')}0c${text('L_0')}0b4024000000000000`;
    const bytes = Buffer.from(`0f${'00000005'}09${'00000001'}${record}${speeds}${place}`, 'hex');
    expect(new TraciReader(bytes).records(collisionFields)).toEqual([
      'a',
      'b',
      'car',
      'car',
      10,
      10,
      'lane',
      'L_0',
      10,
    ]);
    expect(() => new TraciReader(bytes.subarray(0, 40)).records(collisionFields)).toThrow(TraciFormatError);
  });

  it('a message that ends early or holds an unknown type is refused', () => {
    expect(() => new TraciReader(Buffer.from('0b4024', 'hex')).value()).toThrow(TraciFormatError);
    expect(() => new TraciReader(Buffer.from('0e7fffffff', 'hex')).value()).toThrow(TraciFormatError);
    expect(() => new TraciReader(Buffer.from('ee', 'hex')).value()).toThrow(/0xee/);
  });
});
