/** Everything the sketch writes, in both languages. */
export interface SketchWords {
  readonly title: string;
  readonly code: string;
  readonly time: string;
  readonly street: string;
  readonly automatic: (metres: string) => string;
  readonly party: (letter: string) => string;
  readonly speeds: (before: string, after: string, deltaV: string) => string;
  readonly force: (clock: string) => string;
  readonly phases: Readonly<Record<'before2' | 'before1' | 'impact' | 'rest', string>>;
  readonly impactPoint: string;
  readonly noFault: string;
  readonly north: string;
  readonly metre: string;
  readonly rightToLeft: boolean;
  readonly locale: string;
}

export const sketchWords: Readonly<Record<'fa' | 'en', SketchWords>> = {
  en: {
    title: 'Accident sketch',
    code: 'Tracking code',
    time: 'Time (UTC)',
    street: 'Place',
    automatic: (metres) => `automatic, uncertainty ± ${metres} m; draft for the officer`,
    party: (letter) => `Vehicle ${letter}`,
    speeds: (before, after, deltaV) => `${before} → ${after} km/h, Δv ${deltaV} km/h`,
    force: (clock) => `force from ${clock} o’clock`,
    phases: { before2: '2 s before', before1: '1 s before', impact: 'impact', rest: 'rest' },
    impactPoint: 'point of impact',
    noFault: 'Reconstruction of motion, no finding of fault.',
    north: 'N',
    metre: 'm',
    rightToLeft: false,
    locale: 'en-GB',
  },
  fa: {
    title: 'کروکی تصادف',
    code: 'کد رهگیری',
    time: 'زمان (UTC)',
    street: 'محل',
    automatic: (metres) => `خودکار، خطای ± ${metres} متر؛ پیش‌نویس برای افسر`,
    party: (letter) => `خودروی ${letter}`,
    speeds: (before, after, deltaV) => `${before} ← ${after} کیلومتر بر ساعت، تغییر سرعت ${deltaV}`,
    force: (clock) => `نیرو از جهت ساعت ${clock}`,
    phases: { before2: '۲ ثانیه پیش', before1: '۱ ثانیه پیش', impact: 'برخورد', rest: 'توقف' },
    impactPoint: 'نقطهٔ برخورد',
    noFault: 'بازسازی حرکت است و تقصیر را تعیین نمی‌کند.',
    north: 'شمال',
    metre: 'متر',
    rightToLeft: true,
    locale: 'fa-IR',
  },
};
