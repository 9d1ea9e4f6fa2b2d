import { Button } from 'react-aria-components';
import { useLanguage } from '../language/language.tsx';
import type { Theme } from '../map/palette.ts';
import { Account } from '../session/account.tsx';
import { Glyph } from './glyph.tsx';
import { toolGlyphs } from './glyphs.ts';
import styles from './header.module.css';

export function Header({
  theme,
  onTheme,
  demo,
}: {
  readonly theme: Theme;
  readonly onTheme: (theme: Theme) => void;
  readonly demo: boolean;
}) {
  const { language, words, setLanguage } = useLanguage();
  const other = language === 'fa' ? 'en' : 'fa';
  return (
    <header className={styles.header}>
      <div className={styles.brand}>
        <img src="/favicon.svg" width="36" height="36" alt="" />
        <div>
          <h1>{words.name}</h1>
          <p>{words.tagline}</p>
        </div>
      </div>
      <div className={styles.tools}>
        <Button className="button plain" data-testid="language" onPress={() => setLanguage(other)}>
          <span lang={other}>{words.switchLanguage}</span>
        </Button>
        <Button
          className="button plain square"
          aria-label={theme === 'light' ? words.toDark : words.toLight}
          onPress={() => onTheme(theme === 'light' ? 'dark' : 'light')}
        >
          <Glyph path={theme === 'light' ? toolGlyphs.moon : toolGlyphs.sun} />
        </Button>
        <Account demo={demo} />
      </div>
    </header>
  );
}
