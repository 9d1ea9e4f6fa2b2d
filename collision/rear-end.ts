import { directionAt, pointAt } from '../roads/graph/index.ts';
import { attentiveBraking, responds, slack } from './attentive-driver.ts';
import { ClassIndex } from './causes.ts';
import type { Hazards } from './hazards.ts';
import { contactTime } from './measures/contact-time.ts';
import { normalCdf } from './measures/normal.ts';
import { requiredBehindSlowing } from './measures/required-deceleration.ts';
import type { Scene } from './scene.ts';
import {
  attentiveGap,
  brakingReaction,
  imminentDeceleration,
  imminentReaction,
  leaderReaction,
  warningDeceleration,
} from './thresholds.ts';
import { isVulnerable } from './vehicle-flags.ts';

/** What a braking driver behind a braking leader needs at most to be left alone, m/s² (L6). */
const comfortableBraking = 2.6;
/** Braking that grows by so much a second, m/s³, grows with the need (L6). */
const growing = 0.2;
/** As long as an answer to a warning takes, braking may go on growing before it must suffice, s (L6). */
const growsFor = 2;
/** Share of a leader's braking that the speeds of the last second must have borne out before his followers can have answered it (S8). */
const borneOut = 0.65;
/** How long a leader goes on slowing down, s (the filter's memory of an acceleration); who brakes harder than an engine does, m/s², does so to rest (L5). */
const slowingTime = 3;
const engineBraking = 1.5;
/** Slower than this a driver who rolls up to the one ahead needs `creepingNeed` to be warned, m/s, m/s². */
const creeping = 4;
const creepingNeed = 1.2;
/** Drivers stop at least this far behind one who stands, m: who would come nearer at the end does not do what he means to (S9). */
const leastStandoff = 1;
/** Acceleration that is more than the noise of two speeds, m/s². */
const minPush = 0.8;
const minPushSlow = 0.3;
/** Slower than this nobody is hurt, and two noisy speeds differ by it, m/s (L7). */
const minClosing = 1.5;
/** The same for slow drivers at a high update rate: at speed it is the noise of two receivers. */
const minClosingFast = 1;
/** Contact this near calls for stage 2 and stage 3 however little braking is needed yet, s (S4). */
const warningContact = 2.2;
const imminentContact = 1.6;
/** How much more is needed, and how much nearer contact is, s, before a warning for each m/s² by which drivers here begin later (L18). */
const lateShare = 1.4;
const imminentShare = 0.85;
const contactShare = 0.2;
/** The alarm waits until contact is this near, s, or this much is needed at once, m/s² (S7). */
const nearContact = 3.5;
const atOnce = 4.5;
/** Behind one who brakes contact must be nearer, or what stage 3 asks for be needed at once: he may let go of the brake, and drivers behind see his lights. */
const brakingContact = 3;
/** A gap is taken to be longer by this many sigmas of two poor receivers: the ordinary explanation is so much likelier (L12). */
const gapDoubts = 1.5;
/** Needs at which a warning and an alarm once told still stand, m/s². */
const keptLate = 2;
const keptImminent = 3.5;
/** Doubt of the gap between two clean receivers, m, and that from which their lanes cannot be told apart. */
const cleanDoubt = 0.25;
const laneDoubt = 1.5;

/** Who is slower, m/s, and nearer to the end of his edge, m, may reach beyond it (L16). */
const standing = 1;
const atEnd = 0.3;

/** Rear-end danger of one vehicle behind another on its path (rules L5 to L12, S2 to S4). */
export class RearEnd {
  private readonly _scene: Scene;
  private readonly _hazards: Hazards;
  private readonly _end = new Float64Array(2);
  private readonly _direction = new Float64Array(2);
  /** Whom the last look at a report left aside (L10, L15), -1 nobody: what holds until the next report (T6). */
  private readonly _leftAside: Int32Array;

  constructor(scene: Scene, hazards: Hazards) {
    this._scene = scene;
    this._hazards = hazards;
    this._leftAside = new Int32Array(scene.tracks.capacity).fill(-1);
  }

  /** T6: `lead` is not where the driver of `slot` is going; the nearest one told at a report counts until the next. */
  leaveAside(slot: number, lead: number): void {
    if (!this._scene.between && this._leftAside[slot] < 0) this._leftAside[slot] = lead;
  }

  forgetAside(slot: number): void {
    this._leftAside[slot] = -1;
  }

  /** Fills `seen` with what `slot` has to fear of `lead`, `along` m ahead by their places on the path; false when nothing. The caller hands it to the book. */
  judge(slot: number, lead: number, along: number, inTheWay: number, nowMs: number): boolean {
    const { tracks: t, graph, seen, friction, hazardOf, habit } = this._scene;
    const age = t.age(slot, nowMs);
    const leadAge = t.age(lead, nowMs);
    const v = t.speedAfter(slot, age);
    const vLead = t.speedAfter(lead, leadAge);
    const a = t.a[slot];
    const slowest = t.period[slot] < 0.35 && v < creeping ? minClosingFast : minClosing;
    const reaches = vLead <= standing && t.s[lead] > graph.edgeLength[t.edge[lead]] - atEnd;
    // Who came against the direction turns his front to the driver (L16).
    const turned = t.against[lead] === 1 ? t.length[lead] : 0;
    const gap = along + (reaches ? this._beyondEnd(lead) : turned);
    if (gap > 400) return this._silent('far', lead, gap, v, vLead);
    // Two devices in one vehicle, or a body already inside another: not a danger that can be warned of (L8).
    const doubt = Math.sqrt(t.sSigma[slot] * t.sSigma[slot] + t.sSigma[lead] * t.sSigma[lead]);
    const stated = t.stated[slot] + t.stated[lead] > 0;
    const rough = stated && doubt > cleanDoubt;
    if (gap < (rough ? -1 - 2 * doubt : -1)) return this._silent('L8', lead, gap, v, vLead);
    // L5: braking counts as far as the speeds bear it out.
    const sure = t.a[lead] + Math.max(0, t.overstated[lead]);
    const brakeLead = vLead > 0.5 && sure < -0.5 ? -sure : 0;
    // L9: who still accelerates goes on doing so until he reacts.
    const push = a > (v < creeping && t.period[slot] < 0.35 ? minPushSlow : minPush) ? Math.min(a, 3) : 0;
    // So does the one ahead.
    const away = Math.max(0, Math.min(t.a[lead], 3));
    const gain = push - away;
    const closing = v - vLead + gain * imminentReaction;
    // L7: what counts is how fast the bodies would meet.
    const toGo = 2 * Math.max(gap, 0);
    const meeting = closing > 0 ? Math.sqrt(Math.max(0, (v - vLead) * (v - vLead) + toGo * gain)) : closing;
    // Whatever the one ahead does, they do not meet faster than the one behind comes.
    const fastest = Math.sqrt(v * v + toGo * push);
    if (fastest < slowest || (meeting < slowest && (brakeLead === 0 || closing < -2)))
      return this._silent('L7', lead, gap, v, vLead);
    // L12: with poor receivers only what holds for the longer gap they allow is told.
    // Where nothing is stated a doubt read off the jitter may be a change of lane: near it nothing is judged.
    if (!stated && doubt > laneDoubt && gap < 2 * doubt) return this._silent('L12', lead, gap, v, vLead);
    const room = Math.max(rough ? gapOutside(gap, doubt) + gapDoubts * (doubt - cleanDoubt) : gap, 0.1);
    const class2 = warningDeceleration(t.stationType[slot], friction);
    const class3 = imminentDeceleration(t.stationType[slot], friction);
    const lasts = brakeLead >= engineBraking ? Infinity : slowingTime;
    const reaction = brakeLead > 0 ? brakingReaction : leaderReaction(closing, t.period[slot]);
    const late = requiredBehindSlowing(room, v, gain, vLead, brakeLead, lasts, reaction);
    const imminent = requiredBehindSlowing(room, v, gain, vLead, brakeLead, lasts, imminentReaction);
    const { trace } = this._scene;
    // Whatever the driver does, nothing is begun or kept for needs as small as these.
    if (trace === null && late < Math.min(keptLate, class2) && imminent < Math.min(keptImminent, class3)) return false;
    const now = requiredBehindSlowing(room, v, gain, vLead, brakeLead, lasts, push > 0 ? 0.5 : 0);
    // L6: a driver who already brakes as hard as needed, or as an attentive one would, is not warned.
    const expected = attentiveBraking(room, v, v - vLead, graph.edgeLimit[t.edge[slot]]);
    // A pedal let go for a moment is no change of mind.
    const eased = Math.min(a, (a + t.meanAccel[slot]) / 2);
    const acts = responds(eased, now, expected);
    // The mean is half a second and half a report behind (mean-acceleration).
    const growth = (t.meanAccel[slot] - a) / (0.5 + 0.5 * t.period[slot]);
    const grows = growth > growing;
    const begins = eased < -0.8 || (grows && a < -0.5);
    const comfort = brakeLead > 0 && now <= comfortableBraking;
    // Brake lights that go out end the need; behind one who keeps his speed the braking must grow to what is needed.
    const grown = grows ? Math.min(class2, brakeLead > 0 ? class2 : growsFor * growth - a) : 0;
    const brakes = acts || (begins && (now <= -eased + 0.4 || comfort || now <= grown));
    const lags =
      brakeLead > 0
        ? now > comfortableBraking || expected + a > slack
        : room < attentiveGap(v, v - vLead, Math.max(a, 0));
    const slow = v < 9 && push === 0 ? 1.2 : v < creeping ? creepingNeed : 0.6;
    // L18: where drivers begin late, who has not begun yet is one of them.
    const least = slow + lateShare * habit.later;
    // S4: at low speed little braking is needed until late, but contact is near.
    const contact = contactTime(room, v, a - away, vLead, brakeLead);
    let on = 0;
    if (
      !brakes &&
      lags &&
      late >= class2 &&
      (now >= least || contact <= Math.max(warningContact - contactShare * habit.later, imminentContact))
    )
      on = 2;
    // S9: at the end of an approach the driver must stop short.
    const rollsUp = imminent >= class3 && v < creeping && vLead <= standing;
    const short = Math.max(room - leastStandoff, 0.1);
    const need = rollsUp ? requiredBehindSlowing(short, v, gain, vLead, brakeLead, lasts, push > 0 ? 0.5 : 0) : now;
    const touch = rollsUp ? contactTime(short, v, a - away, vLead, brakeLead) : contact;
    const atHand = brakeLead > 0 ? touch <= brakingContact || need >= class3 : touch <= nearContact || need >= atOnce;
    if (
      atHand &&
      imminent >= class3 &&
      (need >= 1.5 + imminentShare * habit.later || touch <= imminentContact) &&
      !acts &&
      !(a < -1 && need <= -a + (brakeLead > 0 && grows ? growth : 0.2))
    )
      on = 3;
    // S8: nobody answers brake lights within half a second.
    const fresh = t.period[lead] < 0.35 && t.meanAccel[lead] > -borneOut * brakeLead;
    if (fresh && brakeLead > 0 && now < atOnce && contact > warningContact) on = 0;
    // T6: what either driver has begun to do since his report is not known: between reports only an alarm of one who keeps his speed is new.
    const { between } = this._scene;
    if (between && (on < 3 || brakeLead > 0 || v < creeping || this._leftAside[slot] === lead))
      return this._silent('T6', lead, gap, v, vLead);
    let hold = on;
    // Once told, a warning stands until the need itself is small: braking that may yet not do is no all-clear.
    if (hold < 3 && imminent >= keptImminent && (!brakes || now >= keptImminent)) hold = 3;
    if (hold < 2 && late >= keptLate && (!brakes || now >= keptLate)) hold = 2;
    if (trace !== null) {
      const rule = on > 0 ? '' : brakes ? 'L6' : 'S2';
      trace.rearEnd(lead, rule, gap, v, vLead, now, late, class2, imminent, class3);
    }
    if (hold === 0) return false;
    seen.reset(isVulnerable(t.stationType[lead]) ? ClassIndex.vulnerable : ClassIndex.rearEnd, on >= 3 ? 'S3' : 'S2');
    seen.other = lead;
    seen.hazard = hazardOf[lead] >= 0 ? this._hazards.idOf(hazardOf[lead]) : -1;
    seen.onStage = on;
    seen.holdStage = hold;
    seen.x = t.x[lead];
    seen.y = t.y[lead];
    seen.edge = t.edge[lead];
    seen.distance = Math.max(gap, 0.1);
    seen.eta = closing > 0.1 ? room / closing : room / Math.max(v, 0.1);
    seen.requiredDeceleration = now;
    seen.probability = inTheWay;
    seen.ownSpeed = v;
    seen.otherSpeed = vLead;
    seen.causeTimestampMs = Math.max(t.timeMs[slot], t.timeMs[lead]);
    // What is not heard of any more may be gone: it takes a second look (C3).
    const heard = leadAge <= 0.5 * t.period[lead] + 0.25;
    seen.urgent = heard && !between && (now > 5 || (on === 3 && imminent > 2 * class3));
    return true;
  }

  /** L16: how far the front of one who stands reaches beyond the end of the edge he came by (M2), m. */
  private _beyondEnd(lead: number): number {
    const { tracks: t, graph } = this._scene;
    const { _end: end, _direction: direction } = this;
    const edge = t.edge[lead];
    pointAt(graph, edge, graph.edgeLength[edge], end);
    directionAt(graph, edge, graph.edgeLength[edge], direction);
    return Math.max(0, (t.x[lead] - end[0]) * direction[0] + (t.y[lead] - end[1]) * direction[1]);
  }

  /** E1: the rule that ended the look before anything was computed. */
  private _silent(rule: string, lead: number, gap: number, v: number, vLead: number): false {
    const none = Number.NaN;
    this._scene.trace?.rearEnd(lead, rule, gap, v, vLead, none, none, none, none, none);
    return false;
  }
}

/** Expected gap, m, when it was measured with 1-sigma `doubt` and bodies do not stand inside each other: mean of the normal above 0. */
function gapOutside(gap: number, doubt: number): number {
  const z = gap / doubt;
  return z > 4 ? gap : gap + (doubt * Math.exp(-0.5 * z * z) * 0.39894228) / normalCdf(z);
}
