/** A map file that is broken, cut off or of a kind that cannot be read; the message says what and where. */
export class MapFormatError extends Error {}
