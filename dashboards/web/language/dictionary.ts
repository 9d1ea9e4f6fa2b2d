import type { english } from './english.ts';

type Widened<T> = T extends (...args: infer A) => string
  ? (...args: A) => string
  : T extends string
    ? string
    : T extends readonly string[]
      ? readonly string[]
      : { readonly [K in keyof T]: Widened<T[K]> };

/** Every text of the page. A language that lacks one, or has one too many, does not compile. */
export type Dictionary = Widened<typeof english>;

export type Language = 'fa' | 'en';
