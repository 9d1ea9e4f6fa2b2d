/**
 * Post-encroachment time, s (Allen, Shin and Cooper 1978): from the moment the first leaves the common area to the moment the second
 * enters it. Negative when both were in it at once. Allocates nothing.
 */
export function pet(aIn: number, aOut: number, bIn: number, bOut: number): number {
  return aIn <= bIn ? bIn - aOut : aIn - bOut;
}

/** Time one vehicle occupies the area, s. */
export function encroachmentTime(timeIn: number, timeOut: number): number {
  return timeOut - timeIn;
}

/** Standard deviation of a PET predicted from arrival times with these standard deviations, s (independent arrivals). */
export function predictedPetSigma(sigmaA: number, sigmaB: number): number {
  return Math.sqrt(sigmaA * sigmaA + sigmaB * sigmaB);
}
