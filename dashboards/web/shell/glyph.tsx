/** A line drawing of `glyphs.ts`, decorative: the text beside it says what it means. */
export function Glyph({ path, size = 20, flip = false }: { path: string; size?: number; flip?: boolean }) {
  return (
    <svg
      className={flip ? 'glyph flips' : 'glyph'}
      width={size}
      height={size}
      viewBox="0 0 24 24"
      aria-hidden="true"
      focusable="false"
    >
      <path d={path} />
    </svg>
  );
}
