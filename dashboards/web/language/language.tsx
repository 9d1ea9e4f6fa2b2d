import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';
import { I18nProvider } from 'react-aria-components';
import type { Dictionary, Language } from './dictionary.ts';
import { english } from './english.ts';
import { createFormats, type Formats } from './formats.ts';
import { persian } from './persian.ts';

export interface LanguageFace {
  readonly language: Language;
  readonly direction: 'rtl' | 'ltr';
  readonly words: Dictionary;
  readonly formats: Formats;
  readonly setLanguage: (language: Language) => void;
}

const storageKey = 'rahban.language';
const Context = createContext<LanguageFace | undefined>(undefined);

/** Language of the page: remembered choice, else the first of the browser's languages that we have, else Persian. */
function firstLanguage(): Language {
  const kept = localStorage.getItem(storageKey);
  if (kept === 'fa' || kept === 'en') return kept;
  for (const wish of navigator.languages) {
    if (wish.startsWith('fa')) return 'fa';
    if (wish.startsWith('en')) return 'en';
  }
  return 'fa';
}

export function LanguageProvider({ children }: { readonly children: ReactNode }) {
  const [language, setLanguage] = useState<Language>(firstLanguage);
  const face = useMemo<LanguageFace>(() => {
    const words = language === 'fa' ? persian : english;
    return {
      language,
      direction: language === 'fa' ? 'rtl' : 'ltr',
      words,
      formats: createFormats(language, words),
      setLanguage: (next) => {
        localStorage.setItem(storageKey, next);
        setLanguage(next);
      },
    };
  }, [language]);

  useEffect(() => {
    document.documentElement.lang = language;
    // On body, never on <html>: MapLibre's glyph canvas inherits the root direction and would mirror brackets twice.
    document.body.dir = face.direction;
    document.title = `${face.words.name} · ${face.words.tagline}`;
  }, [language, face]);

  return (
    <Context value={face}>
      <I18nProvider locale={language === 'fa' ? 'fa-IR-u-ca-persian' : 'en-GB'}>{children}</I18nProvider>
    </Context>
  );
}

export function useLanguage(): LanguageFace {
  const face = useContext(Context);
  if (face === undefined) throw new Error('useLanguage needs a LanguageProvider above it');
  return face;
}
