import { useEffect, useState } from 'react';
import { Button } from 'react-aria-components';
import { useLanguage } from '../language/language.tsx';
import { Glyph } from './glyph.tsx';
import { toolGlyphs } from './glyphs.ts';

/** Copies `text`; says so for two seconds. */
export function CopyButton({ text, label }: { readonly text: string; readonly label?: string }) {
  const { words } = useLanguage();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [copied]);
  const name = copied ? words.copied : (label ?? words.copy);
  return (
    <Button
      className={label === undefined ? 'button plain square' : 'button'}
      {...(label === undefined ? { 'aria-label': name } : {})}
      onPress={() => void copyText(text).then(setCopied)}
    >
      <Glyph path={copied ? toolGlyphs.check : label === undefined ? toolGlyphs.copy : toolGlyphs.share} size={18} />
      {label !== undefined && name}
    </Button>
  );
}

/** The clipboard interface exists on secure origins only; a plain http address inside an office has the selection way. */
async function copyText(text: string): Promise<boolean> {
  if (navigator.clipboard !== undefined)
    return navigator.clipboard.writeText(text).then(
      () => true,
      () => copyBySelection(text),
    );
  return copyBySelection(text);
}

function copyBySelection(text: string): boolean {
  const field = document.createElement('textarea');
  field.value = text;
  field.className = 'visually-hidden';
  document.body.append(field);
  field.select();
  const done = document.execCommand('copy');
  field.remove();
  return done;
}
