const persianZero = 0x06f0;
const arabicZero = 0x0660;

/** Persian and Arabic digits as Latin ones. */
export function latinDigits(text: string): string {
  return text.replace(/[\u06f0-\u06f9\u0660-\u0669]/g, (digit) => {
    const code = digit.charCodeAt(0);
    return String(code - (code >= persianZero ? persianZero : arabicZero));
  });
}

/** A tracking code as people type it: any digits, lower case, spaces or long dashes. */
export function trackingCodeInput(text: string): string {
  return latinDigits(text)
    .replace(/[\u2010-\u2015\u2212]/g, '-')
    .replace(/[\s\u200c\u200e\u200f\u2066-\u2069]/g, '')
    .toUpperCase();
}

/** Search text: Arabic yeh and kaf as Persian, no tatweel, digits Latin, single spaces. */
export function searchInput(text: string): string {
  return latinDigits(text)
    .replace(/ي/g, 'ی')
    .replace(/ك/g, 'ک')
    .replace(/\u0640/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}
