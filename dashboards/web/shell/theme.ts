import { useEffect, useState, useSyncExternalStore } from 'react';
import type { Theme } from '../map/palette.ts';

const storageKey = 'rahban.theme';

function useMedia(query: string): boolean {
  const media = matchMedia(query);
  return useSyncExternalStore(
    (listener) => {
      media.addEventListener('change', listener);
      return () => media.removeEventListener('change', listener);
    },
    () => media.matches,
  );
}

export const reducedMotion = (): boolean => matchMedia('(prefers-reduced-motion: reduce)').matches;

/** True for a phone: the panel is a sheet at the bottom. Keep equal to the width in shell.module.css. */
export const usePhone = (): boolean => useMedia('(max-width: 760px)');

/** The computer's light or dark setting until the reader chooses; the choice is remembered. */
export function useTheme(): readonly [Theme, (theme: Theme) => void] {
  const dark = useMedia('(prefers-color-scheme: dark)');
  const [chosen, choose] = useState<Theme | undefined>(() => {
    const kept = localStorage.getItem(storageKey);
    return kept === 'light' || kept === 'dark' ? kept : undefined;
  });
  const theme = chosen ?? (dark ? 'dark' : 'light');
  useEffect(() => {
    document.documentElement.dataset.theme = theme;
  }, [theme]);
  return [
    theme,
    (next) => {
      localStorage.setItem(storageKey, next);
      choose(next);
    },
  ];
}
