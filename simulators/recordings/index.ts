export { collisionFilesBeside, type KnownCollision, readCollisions } from './collisions.ts';
export { RecordingError } from './csv.ts';
export { readTracks } from './read-tracks.ts';
export { type Tracks, TracksBuilder } from './tracks.ts';
