/** What is known of the subject and one other party, summed over the ways both may take (P4, X7). */
export class Danger {
  other = -1;
  /** Of touching if both go on, and of coming so near that one of them has to give way. */
  probability = 0;
  conflict = 0;
  /** Of the likeliest of those ways. */
  share = -1;
  /** Evidence that the subject and the other go on (X12), and which of them has to give way; neither: the map does not say. */
  goes = 0;
  otherGoes = 0;
  yields = false;
  near = 0;
  time = 0;
  otherTime = 0;
  needNow = 0;
  need2 = 0;
  need3 = 0;
  /** Need of stage 3 of the party that must stop. */
  stopNeed3 = 0;
  otherSpeed = 0;
  /** What stopping would take the other a reaction time later, braking as he does until then. */
  otherNeedLater = 0;
  edge = -1;
  otherEdge = -1;
  merge = false;
  priority = false;
  /** The map says who must give way. */
  signed = false;
  stands = false;
  /** Both are still so slow that only stage 3 is for them (X14). */
  slow = false;
}
