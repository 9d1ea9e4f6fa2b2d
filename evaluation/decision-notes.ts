import {
  alertClasses,
  type ConfirmationLook,
  type CrossingLook,
  type DecisionTrace,
  type HazardLook,
  type MeetingLayer,
  type MeetingLook,
  type RearEndLook,
} from '../collision/index.ts';

/** One rule looked at, in words and figures. */
export interface DecisionNote {
  readonly layer: 'hazard' | 'rear-end' | 'junction' | MeetingLayer | 'confirmation';
  /** The other party, '' when the danger is a place. */
  readonly other: string;
  /** Rule of the core's SPEC.md that silenced it; '' when the danger was reported on. */
  readonly rule: string;
  readonly sentence: string;
  readonly figures: Readonly<Record<string, number>>;
}

/** What each silencing rule of the leaders says. */
const rearEndReasons: Readonly<Record<string, string>> = {
  L6: 'its driver already brakes as an attentive one would',
  L7: 'the two hardly close in on each other',
  L8: 'the two bodies lie one inside the other, as two devices of one car do',
  L10: 'it is moving aside and will be clear',
  L15: 'its driver is likelier to take another way or lane than not to brake for it',
  L12: 'the receivers are too poor to say that the two share a lane',
  S2: 'far less braking is needed than a warning asks for',
  far: 'it is more than 400 m away',
};

const junctionReasons: Readonly<Record<string, string>> = {
  X5: 'the party that must give way still can',
  X6: 'they will hardly be there at the same time',
  X7: 'the overlap of the two stays is too small',
  X10: 'what stands there is beside the track',
  X11: 'the vehicle has right of way and can still wait for the other to yield',
  merge: 'two that roll into one lane sort themselves out',
};

const hazardReasons: Readonly<Record<string, string>> = {
  'A1 far': 'it is farther away than a kilometre and what telling costs',
  'A1 unsure': 'the core is not sure enough of it',
  'A1 elsewhere': 'most drivers here take another way',
  'A1 near': 'it is too near for advice, warnings see to it',
  'A1 slow': 'the vehicle is slow itself',
  'A1 same pace': 'it moves almost as fast',
  A3: 'it comes and goes, and the driver is more than a minute away or slow himself',
  A4: 'another hazard on the way says the same',
};

const meetingReasons: Readonly<Record<string, string>> = {
  'W3 aside': 'they pass each other in different lanes',
  W8: 'the overtaker will be back in his own half by then',
  'W4 aside': 'the two halves of the road keep them apart',
  late: 'the meeting is too far off for a warning',
  N1: 'nobody moves aside, or slower than a change of lane begins',
  N4: 'the place he moves into is free, and the one behind has room to brake',
  V3: 'going on as they do they never meet',
  V7: 'not in the way of where the vehicle goes',
  V11: 'one of the two comes to rest before, braking as he does',
  V8: 'can still stop before the track, or the driver brakes for it',
  'V3 inside': 'the bodies lie one inside the other: two devices of one, or past help',
  V5: 'who walks there goes along the track, not across it',
  V13: 'who is beside a crossing waits there',
};

const meetingWords: Readonly<Record<MeetingLayer, string>> = {
  'head-on': 'Coming towards',
  sidewise: 'Beside',
  'free-space': 'In the open with',
};

const rightOfWay = (yields: number): string =>
  yields > 0 ? 'it must yield' : yields < 0 ? 'the other must yield' : 'neither is known to have right of way';

function because(rule: string, reasons: Readonly<Record<string, string>>): string {
  return `silent by ${rule}: ${reasons[rule] ?? 'see the rule'}`;
}

/** Writes down what the core says of one vehicle's newest look. */
export class DecisionNotes implements DecisionTrace {
  /** ms of the core's clock; NaN before the first look. */
  lookedMs = Number.NaN;
  notes: DecisionNote[] = [];
  private readonly named: (slot: number) => string;

  constructor(named: (slot: number) => string) {
    this.named = named;
  }

  look(nowMs: number): void {
    this.lookedMs = nowMs;
    this.notes = [];
  }

  rearEnd(...look: RearEndLook): void {
    const [other, rule, gap, speed, otherSpeed, need, warningNeed, warningLimit, imminentNeed, imminentLimit] = look;
    const lead = this.named(other);
    // Judged twice, or silenced after it was judged: one note, with the figures there are.
    const before = this.notes.findIndex((note) => note.layer === 'rear-end' && note.other === lead);
    if (before >= 0) this.notes.splice(before, 1);
    const judged = Number.isNaN(need)
      ? ''
      : `; needs ${figure(need)} m/s² now, ${figure(warningNeed)} after the reaction to a warning (limit ${figure(warningLimit)}), ` +
        `${figure(imminentNeed)} after that to an alarm (limit ${figure(imminentLimit)})`;
    this.notes.push({
      layer: 'rear-end',
      other: lead,
      rule,
      sentence:
        `Behind ${lead}: gap ${figure(gap)} m at ${figure(speed)} m/s, it ${figure(otherSpeed)} m/s${judged}: ` +
        `${rule === '' ? 'reported as a danger' : because(rule, rearEndReasons)}.`,
      figures: { gap, speed, otherSpeed, need, warningNeed, warningLimit, imminentNeed, imminentLimit },
    });
  }

  crossing(...look: CrossingLook): void {
    const [other, rule, yields, time, otherTime, probability, warningProbability, warningNeed, warningLimit] = look;
    const foe = this.named(other);
    this.notes.push({
      layer: 'junction',
      other: foe,
      rule,
      sentence:
        `Junction with ${foe}: would meet it in ${figure(time)} s, the other in ${figure(otherTime)} s, conflict ${figure(100 * probability)} % ` +
        `(limit ${figure(100 * warningProbability)} %), ${rightOfWay(yields)}; to stop needs ${figure(warningNeed)} m/s² after the reaction ` +
        `(limit ${figure(warningLimit)}): ${rule === '' ? 'reported as a danger' : because(rule, junctionReasons)}.`,
      figures: { yields, time, otherTime, probability, warningProbability, warningNeed, warningLimit },
    });
  }

  hazard(...look: HazardLook): void {
    const [hazard, cls, rule, distance, pi, confidence, speed] = look;
    this.notes.push({
      layer: 'hazard',
      other: '',
      rule,
      sentence:
        `Hazard ${hazard} (${alertClasses[cls]}) ${figure(distance)} m ahead at ${figure(speed)} m/s, met by ${figure(100 * pi)} % of the drivers here, ` +
        `sure to ${figure(100 * confidence)} %: ${rule === '' ? 'reported as a danger' : because(rule, hazardReasons)}.`,
      figures: { hazard, distance, pi, confidence, speed },
    });
  }

  meeting(...look: MeetingLook): void {
    const [layer, other, rule, time, warningTime, apart] = look;
    const party = this.named(other);
    const before = this.notes.findIndex((note) => note.layer === layer && note.other === party);
    if (before >= 0) this.notes.splice(before, 1);
    const when = Number.isFinite(time)
      ? `contact in ${figure(time)} s (limit ${figure(warningTime)} s), ${figure(apart)} m between them sidewise then`
      : `no contact, ${figure(apart)} m between them sidewise`;
    this.notes.push({
      layer,
      other: party,
      rule,
      sentence: `${meetingWords[layer]} ${party}: ${when}: ${rule === '' ? 'reported as a danger' : because(rule, meetingReasons)}.`,
      figures: { time, warningTime, apart },
    });
  }

  confirmation(...look: ConfirmationLook): void {
    const [cls, other, hazard, called, confirmed, told] = look;
    const what = other >= 0 ? ` with ${this.named(other)}` : ` (hazard ${hazard})`;
    const rule = confirmed > 0 || told > 0 ? '' : called > 0 ? 'C2' : 'S';
    const verdict =
      confirmed > told
        ? `stage ${confirmed} told now`
        : told > 0
          ? `told before at stage ${told}, nothing new (C7)`
          : called > 0
            ? 'silent by C2: not yet seen in enough looks'
            : 'silent: only what holds an alert is there, nothing that begins one';
    this.notes.push({
      layer: 'confirmation',
      other: other >= 0 ? this.named(other) : '',
      rule,
      sentence: `${alertClasses[cls]}${what}: thresholds call for stage ${called}, confirmed is ${confirmed}; ${verdict}.`,
      figures: { called, confirmed, told },
    });
  }
}

function figure(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? 'more than brakes can' : 'none';
  return value.toFixed(Math.abs(value) < 20 ? 1 : 0);
}
