import { TraciFormatError, TraciReader, type TraciValue, TraciWriter } from './traci-bytes.ts';
import {
  answerOffset,
  Command,
  collisionFields,
  removeVanished,
  SimulationVariable,
  TypeCode,
  unboundedTime,
  VehicleVariable,
} from './traci-codes.ts';
import { TraciConnection } from './traci-connection.ts';

/** SUMO refused a command. */
export class TraciError extends Error {}

/** Receives the values of subscriptions, one call each: `domain` is the code of the subscribe command. */
export type SubscriptionSink = (domain: number, object: string, variable: number, value: TraciValue) => void;

/** The commands of TraCI that the closed loop needs, over one connection. Simulation time in seconds. */
export class TraciClient {
  private readonly connection: TraciConnection;
  private readonly message = new TraciWriter();
  private readonly content = new TraciWriter();
  /** Set commands that wait for `send`, and how many: apart, for a get may come between. */
  private readonly changes = new TraciWriter();
  private queued = 0;

  constructor(connection: TraciConnection) {
    this.connection = connection;
  }

  static async open(port: number): Promise<TraciClient> {
    return new TraciClient(await TraciConnection.open(port));
  }

  /** Version of the protocol and the program's name. */
  async version(): Promise<{ api: number; software: string }> {
    const answer = await this.ask(Command.getVersion, Buffer.alloc(0));
    answer.commandSize();
    answer.ubyte();
    return { api: answer.int(), software: answer.text() };
  }

  /** Simulates one step, or up to second `until` when given, and hands on what the subscriptions deliver. */
  async step(sink: SubscriptionSink, until = 0): Promise<void> {
    const answer = await this.ask(Command.simulationStep, this.content.double(until).toBuffer());
    for (let left = answer.int(); left > 0; left -= 1) this.delivery(answer, sink);
  }

  /** Subscribes to variables of the objects; what holds now is handed on at once. */
  async subscribe(command: number, objects: readonly string[], variables: readonly number[], sink: SubscriptionSink) {
    if (objects.length === 0) return;
    this.message.clear();
    for (const object of objects) {
      this.content.clear();
      this.content.double(unboundedTime).double(unboundedTime).text(object).ubyte(variables.length);
      for (const variable of variables) this.content.ubyte(variable);
      this.message.command(command, this.content.toBuffer());
    }
    this.content.clear();
    const answer = new TraciReader(await this.connection.request(this.message.toBuffer()));
    for (const _ of objects) {
      this.status(answer, command);
      this.delivery(answer, sink);
    }
  }

  /** Ends the subscription of an object. */
  async unsubscribe(command: number, object: string): Promise<void> {
    this.content.clear();
    await this.ask(command, this.content.double(unboundedTime).double(unboundedTime).text(object).ubyte(0).toBuffer());
  }

  /** A variable's value now. */
  async get(command: number, variable: number, object: string): Promise<TraciValue> {
    this.content.ubyte(variable).text(object);
    const answer = await this.ask(command, this.content.toBuffer());
    answer.commandSize();
    answer.ubyte();
    answer.ubyte();
    answer.text();
    return answer.value();
  }

  /** Queues a change of a vehicle's variable: text, a double, or an integer where TraCI asks for one. */
  set(variable: number, vehicle: string, value: number | string, type: 'double' | 'integer' = 'double'): void {
    this.content.ubyte(variable).text(vehicle);
    if (typeof value === 'string') this.content.ubyte(TypeCode.text).text(value);
    else if (type === 'double') this.content.ubyte(TypeCode.double).double(value);
    else this.content.ubyte(TypeCode.integer).int(value);
    this.changes.command(Command.setVehicle, this.content.toBuffer());
    this.content.clear();
    this.queued += 1;
  }

  /** Queues that a vehicle vanishes. */
  remove(vehicle: string): void {
    this.content.ubyte(VehicleVariable.remove).text(vehicle).ubyte(TypeCode.byte).ubyte(removeVanished);
    this.changes.command(Command.setVehicle, this.content.toBuffer());
    this.content.clear();
    this.queued += 1;
  }

  /** Sends what is queued. @throws TraciError with SUMO's reason when one of the changes is refused. */
  async send(): Promise<void> {
    if (this.queued === 0) return;
    const count = this.queued;
    this.queued = 0;
    const commands = this.changes.toBuffer();
    this.changes.clear();
    const answer = new TraciReader(await this.connection.request(commands));
    for (let i = 0; i < count; i += 1) this.status(answer, Command.setVehicle);
  }

  /** Ends the simulation; SUMO leaves by itself. */
  async close(): Promise<void> {
    await this.ask(Command.close, Buffer.alloc(0));
    this.connection.close();
  }

  private async ask(command: number, content: Buffer): Promise<TraciReader> {
    this.content.clear();
    this.message.clear();
    this.message.command(command, content);
    const answer = new TraciReader(await this.connection.request(this.message.toBuffer()));
    this.status(answer, command);
    return answer;
  }

  private status(answer: TraciReader, command: number): void {
    answer.commandSize();
    const code = answer.ubyte();
    const result = answer.ubyte();
    const reason = answer.text();
    if (code !== command)
      throw new TraciFormatError(
        `TraCI: answer to command 0x${code.toString(16)} where 0x${command.toString(16)} was sent`,
      );
    if (result !== 0)
      throw new TraciError(`SUMO refused command 0x${command.toString(16)}: ${reason || `code ${result}`}`);
  }

  private delivery(answer: TraciReader, sink: SubscriptionSink): void {
    answer.commandSize();
    const domain = answer.ubyte() - answerOffset;
    const object = answer.text();
    for (let left = answer.ubyte(); left > 0; left -= 1) {
      const variable = answer.ubyte();
      const result = answer.ubyte();
      const isRecords = domain === Command.subscribeSimulation && variable === SimulationVariable.collisions;
      const value = isRecords ? answer.records(collisionFields) : answer.value();
      if (result !== 0)
        throw new TraciError(`SUMO cannot deliver variable 0x${variable.toString(16)} of ${object}: ${value}`);
      sink(domain, object, variable, value);
    }
  }
}
