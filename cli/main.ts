import { UsageError } from './command.ts';
import type { Command } from './command.ts';
import { isSupervised, supervise } from './supervisor.ts';

/** A command as the overview lists it. */
interface Entry {
  readonly summary: string;
  load(): Promise<Command>;
  /** Its steps are so long that signals need a process of their own. */
  readonly supervised?: boolean;
}

/** Commands by name; each is loaded only when it is asked for, so that help answers at once. */
const commands: Readonly<Record<string, Entry>> = {
  derain: { summary: 'removes the rain from photos', load: async () => (await import('./derain.ts')).derainCommand },
  evaluate: {
    summary: 'evaluates a model on pairs, or on photos without ground truth',
    load: async () => (await import('./evaluate.ts')).evaluateCommand,
  },
  train: {
    summary: 'trains a teacher and its student',
    load: async () => (await import('./train.ts')).trainCommand,
    supervised: true,
  },
  adapt: {
    summary: 'fine-tunes a student to the rain of one photo',
    load: async () => (await import('./adapt.ts')).adaptCommand,
  },
  ablate: {
    summary: 'trains variants of one run and compares them: an ablation',
    load: async () => (await import('./ablate.ts')).ablateCommand,
    supervised: true,
  },
  export: {
    summary: 'writes a network as ONNX, for PyTorch or for TensorFlow.js',
    load: async () => (await import('./export.ts')).exportCommand,
  },
  peers: {
    summary: 'lists the networks, ours and published ones, and checks them against golden files',
    load: async () => (await import('./peers.ts')).peersCommand,
  },
  rain: {
    summary: 'draws rain over clean photos, with labels',
    load: async () => (await import('./rain.ts')).rainCommand,
  },
};

/** Earlier names of commands. */
const aliases: Readonly<Record<string, string>> = { compare: 'ablate' };

async function main(args: readonly string[]): Promise<number> {
  const [written, ...rest] = args;
  const name = written !== undefined && Object.hasOwn(aliases, written) ? aliases[written] : written;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(overview());
    return name === undefined ? 2 : 0;
  }
  const entry = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!entry) throw new UsageError(`There is no command '${name}'; there are ${Object.keys(commands).join(', ')}.`);
  const isHelp = rest.includes('--help') || rest.includes('-h');
  if (entry.supervised && !isHelp && !isSupervised()) return supervise((line) => console.error(line));
  goWhereThePersonStands();
  const command = await entry.load();
  if (isHelp) {
    process.stdout.write(`${command.help.trim()}\n`);
    return 0;
  }
  return command.run(rest);
}

/** npm runs scripts in the project's folder; paths count from where `npm run` was written. */
function goWhereThePersonStands(): void {
  const { npm_lifecycle_event: script, INIT_CWD: folder } = process.env;
  if (script === 'petrichor' && folder) process.chdir(folder);
}

function overview(): string {
  const lines = Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(10)}${summary}`);
  return `Removes rain from photos, and trains the networks that do it.\n\nUsage: npm run petrichor -- COMMAND …\n\n${lines.join('\n')}\n\nnpm run petrichor -- COMMAND --help says more.\n`;
}

// A reader that goes away (`… | head`: EPIPE; a closed terminal: EIO) or a full disk under `> file` must not end a training run.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (!['EPIPE', 'EIO', 'ENOSPC'].includes(error.code ?? '')) throw error;
  });
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (error instanceof UsageError) {
    console.error(`${error.message}\nnpm run petrichor -- ${process.argv[2] ?? ''} --help says what can be written.`);
    process.exitCode = 2;
  } else {
    console.error(error instanceof Error ? (process.env['DEBUG'] ? error.stack : error.message) : String(error));
    process.exitCode = 1;
  }
}
