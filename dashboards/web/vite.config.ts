import { defineConfig } from 'vite';

/** Builds the page into dist/web; the platform serves that folder under `/`. */
export default defineConfig({
  root: import.meta.dirname,
  base: '/',
  oxc: { jsx: { runtime: 'automatic' } },
  worker: { format: 'es' },
  build: {
    outDir: '../../dist/web',
    emptyOutDir: true,
    target: 'es2022',
    // Fonts and images must stay files: the content security policy allows data: for images only.
    assetsInlineLimit: 0,
    // The map is one lazy chunk of about 1.1 MB before compression.
    chunkSizeWarningLimit: 1200,
  },
});
