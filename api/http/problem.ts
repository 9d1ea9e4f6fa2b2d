/** Every problem the API answers with: status and title in both languages. The code is never translated. */
export const problems = {
  'invalid-request': { status: 400, en: 'The request is not valid', fa: 'درخواست معتبر نیست' },
  'not-signed-in': { status: 401, en: 'Sign in first', fa: 'ابتدا وارد شوید' },
  'session-over': { status: 401, en: 'The session is over', fa: 'نشست پایان یافته است' },
  'wrong-credentials': { status: 401, en: 'Wrong name or password', fa: 'نام یا گذرواژه نادرست است' },
  'not-allowed': { status: 403, en: 'Your role may not do this', fa: 'نقش شما اجازهٔ این کار را ندارد' },
  'foreign-origin': { status: 403, en: 'This origin may not connect', fa: 'این مبدأ اجازهٔ اتصال ندارد' },
  'not-found': { status: 404, en: 'There is no such thing here', fa: 'چنین چیزی اینجا نیست' },
  'no-route': { status: 404, en: 'There is no way between these places', fa: 'میان این دو مکان راهی نیست' },
  'no-road-nearby': { status: 404, en: 'There is no road near this place', fa: 'نزدیک این مکان راهی نیست' },
  timeout: { status: 408, en: 'The request came too slowly', fa: 'درخواست بیش از اندازه کند رسید' },
  conflict: { status: 409, en: 'It exists already', fa: 'از پیش وجود دارد' },
  'too-large': { status: 413, en: 'The request is too large', fa: 'درخواست بیش از اندازه بزرگ است' },
  'address-too-long': { status: 414, en: 'The address is too long', fa: 'نشانی بیش از اندازه بلند است' },
  'wrong-content-type': { status: 415, en: 'This content type is not taken', fa: 'این نوع محتوا پذیرفته نیست' },
  'message-refused': { status: 422, en: 'The message was refused', fa: 'پیام پذیرفته نشد' },
  'upgrade-required': { status: 426, en: 'Connect with WebSocket', fa: 'با وب‌سوکت وصل شوید' },
  'too-many-requests': { status: 429, en: 'Too many requests', fa: 'درخواست‌ها بیش از اندازه است' },
  internal: { status: 500, en: 'The platform failed', fa: 'سامانه دچار خطا شد' },
  unavailable: { status: 503, en: 'Not available at the moment', fa: 'اکنون در دسترس نیست' },
} as const;

export type ProblemCode = keyof typeof problems;
export type Language = 'fa' | 'en';

/** Thrown by handlers; becomes an RFC 9457 answer. `detail` and `extra` are shown to the caller, so no secrets in them. */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly statusCode: number;
  readonly extra: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: ProblemCode,
    detail = '',
    extra: Readonly<Record<string, unknown>> = {},
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(detail);
    this.name = 'Problem';
    this.code = code;
    this.statusCode = problems[code].status;
    this.extra = extra;
    this.headers = headers;
  }
}

/** Persian when the first language of `Accept-Language` that we speak is Persian; English otherwise. */
export function languageOf(acceptLanguage: string | undefined): Language {
  let best: Language = 'en';
  let bestWeight = 0;
  for (const part of (acceptLanguage ?? '').slice(0, 200).split(',')) {
    const [tag = '', ...parameters] = part.trim().toLowerCase().split(';');
    const primary = tag.split('-')[0];
    if (primary !== 'fa' && primary !== 'en') continue;
    const quality = parameters.map((text) => text.trim()).find((text) => text.startsWith('q='));
    const weight = quality === undefined ? 1 : Number(quality.slice(2));
    if (weight > bestWeight) {
      best = primary;
      bestWeight = weight;
    }
  }
  return best;
}

/** The document of RFC 9457 section 3. 5xx carry no detail. */
export function problemBody(
  code: ProblemCode,
  language: Language,
  detail: string,
  instance: string,
  extra: Readonly<Record<string, unknown>>,
): string {
  const { status, ...titles } = problems[code];
  return JSON.stringify({
    type: `urn:rahban:problem:${code}`,
    title: titles[language],
    status,
    code,
    ...(detail !== '' && status < 500 ? { detail } : {}),
    ...(status < 500 ? extra : {}),
    instance: `urn:rahban:request:${instance}`,
  });
}
