import { type Command, UsageError } from './command.ts';

/** Loaded on demand, so that `decode` does not pay for the database. */
const commands: Record<string, () => Promise<{ default: Command }>> = {
  decode: () => import('./decode.ts'),
  'incident export': () => import('./incident-export.ts'),
  'incident verify': () => import('./incident-verify.ts'),
  'closed-loop': () => import('./closed-loop.ts'),
  evaluate: () => import('./evaluate.ts'),
  explain: () => import('./explain.ts'),
  'map build': () => import('./map-build.ts'),
  'map info': () => import('./map-info.ts'),
  serve: () => import('./serve.ts'),
  doctor: () => import('./doctor.ts'),
  options: () => import('./options.ts'),
  load: () => import('./load.ts'),
  record: () => import('./record.ts'),
  replay: () => import('./replay.ts'),
  simulate: () => import('./simulate.ts'),
  'user add': () => import('./user-add.ts'),
  'user list': () => import('./user-list.ts'),
  'vehicle add': () => import('./vehicle-add.ts'),
  'vehicle list': () => import('./vehicle-list.ts'),
  'vehicle revoke': () => import('./vehicle-revoke.ts'),
};

async function listCommands(): Promise<string> {
  const rows: string[] = [];
  for (const load of Object.values(commands)) {
    const { default: command } = await load();
    rows.push(`  ${command.name.padEnd(18)} ${command.summary}`);
  }
  return `rahban: the platform's command line\n\nUsage: npm run rahban -- COMMAND [options]\n\n${rows.join('\n')}\n\nCOMMAND --help tells more. Exit codes: 0 done, 1 failed, 2 wrong usage.\n`;
}

async function run(argv: readonly string[]): Promise<number> {
  const two = argv.slice(0, 2).join(' ');
  const name = two in commands ? two : (argv[0] ?? '');
  const load = commands[name];
  if (load === undefined) {
    const wantsHelp = name === '' || name === '--help' || name === '-h' || name === 'help';
    (wantsHelp ? process.stdout : process.stderr).write(
      wantsHelp ? await listCommands() : `rahban: unknown command ${JSON.stringify(name)}; try --help\n`,
    );
    return wantsHelp ? 0 : 2;
  }
  const { default: command } = await load();
  const args = argv.slice(name.split(' ').length);
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(`${command.help}\n`);
    return 0;
  }
  try {
    return await command.run(args);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(`rahban ${name}: ${message}\n`);
    if (error instanceof UsageError) process.stderr.write(`try: npm run rahban -- ${name} --help\n`);
    return error instanceof UsageError ||
      (error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'))
      ? 2
      : 1;
  }
}

process.exitCode = await run(process.argv.slice(2));
