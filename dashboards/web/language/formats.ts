import type { Dictionary, Language } from './dictionary.ts';

/** Numbers, dates, ages and units in one language. Formatters are made once: making them is slow. */
export interface Formats {
  /** Whole number with group marks. */
  readonly whole: (value: number) => string;
  /** One decimal, for indexes. */
  readonly decimal: (value: number) => string;
  /** At most one decimal, none for whole numbers. */
  readonly short: (value: number) => string;
  /** 0..1 as percent. */
  readonly share: (value: number) => string;
  /** m, as metres below 1 km and kilometres above. */
  readonly distance: (metres: number) => string;
  /** s, as "45 s", "12 min", "1 h 5 min". */
  readonly duration: (seconds: number) => string;
  /** km/h. */
  readonly speed: (kmh: number) => string;
  /** "3 minutes ago"; below 2 s "just now". `seconds` >= 0. */
  readonly age: (seconds: number) => string;
  /** UTC ms as the full date and time of the reader's time zone (or `timeZone`). */
  readonly dateTime: (timestampMs: number) => string;
  /** Hour and minute. */
  readonly time: (timestampMs: number) => string;
  /** Hours, minutes and seconds: for what happened within a minute. */
  readonly timeOfEvent: (timestampMs: number) => string;
  /** Eight points of the compass; degrees clockwise from north. */
  readonly compass: (headingDeg: number) => string;
  /** [lon, lat] as copyable Latin text, latitude first, 5 decimals (about 1 m). */
  readonly coordinates: (lon: number, lat: number) => string;
}

const localeOf = { fa: 'fa-IR-u-ca-persian-nu-arabext', en: 'en-GB' } as const;

/** `timeZone` is an IANA name; without it the reader's own. Throws RangeError when the name is not known. */
export function createFormats(language: Language, words: Dictionary, timeZone?: string): Formats {
  const locale = localeOf[language];
  const zone = timeZone === undefined ? {} : { timeZone };
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const decimal = new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const short = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'always' });
  const full = new Intl.DateTimeFormat(locale, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    ...zone,
  });
  const clock = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', ...zone });
  const clockWithSeconds = new Intl.DateTimeFormat(locale, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    ...zone,
  });

  return {
    whole: (value) => whole.format(value),
    decimal: (value) => decimal.format(value),
    short: (value) => short.format(value),
    share: (value) => percent.format(value),
    distance: (metres) => {
      if (metres < 995) return words.unitMetre(whole.format(metres < 100 ? metres : Math.round(metres / 10) * 10));
      return words.unitKilometre(metres < 99_500 ? decimal.format(metres / 1000) : whole.format(metres / 1000));
    },
    duration: (seconds) => {
      if (seconds < 59.5) return words.unitSecond(whole.format(seconds));
      const minutes = Math.round(seconds / 60);
      if (minutes < 60) return words.unitMinute(whole.format(minutes));
      const rest = minutes % 60;
      const hours = whole.format(Math.floor(minutes / 60));
      return rest === 0 ? words.unitHour(hours) : words.hoursMinutes(hours, whole.format(rest));
    },
    speed: (kmh) => words.unitKmh(whole.format(kmh)),
    age: (seconds) => {
      if (seconds < 2) return words.justNow;
      if (seconds < 60) return relative.format(-Math.floor(seconds), 'second');
      if (seconds < 3600) return relative.format(-Math.floor(seconds / 60), 'minute');
      if (seconds < 86_400) return relative.format(-Math.floor(seconds / 3600), 'hour');
      return relative.format(-Math.floor(seconds / 86_400), 'day');
    },
    dateTime: (timestampMs) => composeDate(language, full.formatToParts(timestampMs)),
    time: (timestampMs) => clock.format(timestampMs),
    timeOfEvent: (timestampMs) => clockWithSeconds.format(timestampMs),
    compass: (headingDeg) => words.directions[Math.round((((headingDeg % 360) + 360) % 360) / 45) % 8] ?? '',
    coordinates: (lon, lat) => `${lat.toFixed(5)}, ${lon.toFixed(5)}`,
  };
}

/** Intl puts the year before the month and a Latin comma into Persian dates; the parts are right, the order is ours. */
function composeDate(language: Language, parts: readonly Intl.DateTimeFormatPart[]): string {
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.find((one) => one.type === type)?.value ?? '';
  const date = `${part('weekday')} ${part('day')} ${part('month')} ${part('year')}`;
  const time = `${part('hour')}:${part('minute')}`;
  return language === 'fa' ? `${date}، ساعت ${time}` : `${date}, ${time}`;
}
