import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { english } from '../../dashboards/web/language/english.ts';
import { createFormats } from '../../dashboards/web/language/formats.ts';
import { latinDigits, searchInput, trackingCodeInput } from '../../dashboards/web/language/normalise.ts';
import { persian } from '../../dashboards/web/language/persian.ts';
import { stationTypeName } from '../../dashboards/web/language/station-types.ts';

const fa = createFormats('fa', persian, 'Asia/Tehran');
const en = createFormats('en', english, 'Asia/Tehran');
// 22 November 2026 05:00 UTC is 1 Azar 1405, 08:30 in Tehran, a Sunday.
const azar = Date.UTC(2026, 10, 22, 5, 0);

/** Days of Gregorian and Jalali calendars counted by the 33-year rule, which holds from 1244 to 1472; an oracle apart from Intl. */
function jalaliOf(timestampMs: number): { readonly year: number; readonly month: number; readonly day: number } {
  // 1 Farvardin 1375 was 20 March 1996.
  let days = Math.floor((timestampMs - Date.UTC(1996, 2, 20)) / 86_400_000);
  let year = 1375;
  const isLeap = (one: number) => [1, 5, 9, 13, 17, 22, 26, 30].includes(one % 33);
  const lengthOf = (one: number) => (isLeap(one) ? 366 : 365);
  while (days >= lengthOf(year)) days -= lengthOf(year++);
  while (days < 0) days += lengthOf(--year);
  const month = days < 186 ? Math.floor(days / 31) : 6 + Math.floor((days - 186) / 30);
  return { year, month: month + 1, day: (days < 186 ? days % 31 : (days - 186) % 30) + 1 };
}

const months = ['فروردین', 'اردیبهشت', 'خرداد', 'تیر', 'مرداد', 'شهریور', 'مهر', 'آبان', 'آذر', 'دی', 'بهمن', 'اسفند'];

describe('formats of the page', () => {
  test('a Persian date reads weekday, day, month, year with Persian digits and comma', () => {
    expect(fa.dateTime(azar)).toBe('یکشنبه ۱ آذر ۱۴۰۵، ساعت ۰۸:۳۰');
  });

  test('an English date is Gregorian', () => {
    expect(en.dateTime(azar)).toBe('Sunday 22 November 2026, 08:30');
  });

  test('every day from 1990 to 2080 is the Jalali day that the 33-year rule gives', () => {
    const utc = createFormats('fa', persian, 'UTC');
    fc.assert(
      fc.property(fc.integer({ min: Date.UTC(1990, 0, 1) / 60_000, max: Date.UTC(2080, 0, 1) / 60_000 }), (minutes) => {
        const { year, month, day } = jalaliOf(minutes * 60_000);
        const text = latinDigits(utc.dateTime(minutes * 60_000));
        expect(text).toContain(` ${day} ${months[month - 1]} ${year}، `);
      }),
      { numRuns: 400 },
    );
  });

  test('numbers have the digits and marks of their language', () => {
    expect(fa.whole(1_234_567)).toBe('۱٬۲۳۴٬۵۶۷');
    expect(en.whole(1_234_567)).toBe('1,234,567');
    expect(fa.decimal(4.34)).toBe('۴٫۳');
    expect(fa.share(0.62)).toBe('۶۲٪');
    expect(fa.short(3)).toBe('۳');
    expect(en.short(5.5)).toBe('5.5');
  });

  test('units are words of the language', () => {
    expect(fa.speed(85)).toBe('۸۵ کیلومتر بر ساعت');
    expect(en.speed(85)).toBe('85 km/h');
    expect(en.distance(47.4)).toBe('47 m');
    expect(en.distance(943)).toBe('940 m');
    expect(en.distance(994)).toBe('990 m');
    expect(en.distance(996)).toBe('1.0 km');
    expect(fa.distance(2_840)).toBe('۲٫۸ کیلومتر');
    expect(fa.distance(120_400)).toBe('۱۲۰ کیلومتر');
  });

  test('durations round to minutes and never say 60 minutes', () => {
    expect(en.duration(44)).toBe('44 s');
    expect(en.duration(59.6)).toBe('1 min');
    expect(en.duration(3_585)).toBe('1 h');
    expect(fa.duration(3_900)).toBe('۱ ساعت و ۵ دقیقه');
  });

  test('ages count whole units that have passed', () => {
    expect(fa.age(0.4)).toBe('همین حالا');
    expect(en.age(59.9)).toBe('59 seconds ago');
    expect(en.age(60)).toBe('1 minute ago');
    expect(fa.age(200)).toBe('۳ دقیقه پیش');
    expect(en.age(7_300)).toBe('2 hours ago');
    expect(en.age(200_000)).toBe('2 days ago');
  });

  test('English has a singular, Persian needs none', () => {
    expect(english.vehiclesInView(1, '1')).toBe('1 vehicle');
    expect(english.vehiclesInView(2, '2')).toBe('2 vehicles');
    expect(persian.vehiclesInView(1, '۱')).toBe('۱ خودرو');
    expect(persian.vehiclesInView(2, '۲')).toBe('۲ خودرو');
  });

  test('the compass has eight points and wraps', () => {
    expect([0, 22, 23, 359, -90, 540].map(en.compass)).toEqual([
      'north',
      'north',
      'north-east',
      'north',
      'west',
      'south',
    ]);
  });

  test('coordinates stay Latin, latitude first', () => {
    expect(fa.coordinates(51.38901, 35.6892)).toBe('35.68920, 51.38901');
  });

  test('a tracking code may be typed with Persian digits, spaces and long dashes', () => {
    expect(trackingCodeInput(' rb–۷k۲m \u200f- ٤qxn ')).toBe('RB-7K2M-4QXN');
  });

  test('search text has Persian letters whatever keyboard typed it', () => {
    expect(searchInput('  كاركر  يــزد ۱۲')).toBe('کارکر یزد 12');
  });

  test('station types outside the table are unknown', () => {
    expect([5, 6, 10, 15, 99, -1].map(stationTypeName)).toEqual([
      'car',
      'bus',
      'special',
      'roadside',
      'unknown',
      'unknown',
    ]);
  });

  test('the Persian dictionary has no text left in Latin letters but the other language and WebGL', () => {
    const latin: string[] = [];
    const visit = (value: unknown, key: string): void => {
      if (typeof value === 'string' && /[A-Za-z]{2}/.test(value.replace('WebGL', ''))) latin.push(key);
      if (typeof value === 'object' && value !== null)
        for (const [name, one] of Object.entries(value)) visit(one, name);
    };
    visit(persian, '');
    expect(latin).toEqual(['switchLanguage']);
  });
});
