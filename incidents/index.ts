export {
  type CrashDetector,
  type CrashDetectorOptions,
  type CrashEvent,
  createCrashDetector,
} from './detect/crash-detector.ts';
export { type IncidentArchiveOptions, openIncidentArchive } from './incident-archive.ts';
export { createIncidentService, type IncidentServiceOptions } from './incident-service.ts';
export { type JournalFile, type JournalFiles, journalFolder } from './journal/journal-files.ts';
export { type ReconstructedParty, type Reconstruction, reconstruct } from './reconstruct/reconstruct.ts';
export { type Track, tracksOf } from './reconstruct/tracks.ts';
export { drawSketch, type SketchInput } from './sketch/draw-sketch.ts';
export { rebuildRecords } from './store/rebuild.ts';
export { readTrackingCode } from './tracking-code.ts';
export * from './types.ts';
