/** The pure part of the room, for the core's thread: loads neither the database nor any Node API. */
export {
  type CrashDetector,
  type CrashDetectorOptions,
  type CrashEvent,
  createCrashDetector,
} from './crash-detector.ts';
