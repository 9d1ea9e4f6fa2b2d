import type { Command } from './command.ts';
import { optionsTable } from './options.ts';

export default {
  name: 'serve',
  summary: 'run the platform (what `npm start` does, without the demo unless --demo on)',
  help: `Usage: npm run rahban -- serve [options]\n\nRuns until SIGINT or SIGTERM, then drains and exits with 0; 1 when it could not start or stop cleanly, 2 for a wrong option.\n\n${optionsTable()}`,
  run: async (args) => {
    process.argv = [process.execPath, process.argv[1] ?? '', ...args];
    await import('../main.ts');
    // main.ts ends the process itself, with the right code.
    return new Promise<0>(() => {});
  },
} satisfies Command;
