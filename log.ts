import { type DestinationStream, type Logger, pino } from 'pino';

/** Structured log, one JSON line an event, to standard error: standard output belongs to what a command answers. Works the same in every thread. */
export function createLog(
  level: string,
  room: string,
  destination: DestinationStream = pino.destination({ fd: 2, sync: true }),
): Logger {
  return pino({ level, base: { room }, timestamp: pino.stdTimeFunctions.isoTime }, destination);
}
