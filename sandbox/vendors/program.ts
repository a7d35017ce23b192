// Runs one simulator as a program of its own: prints one JSON line with its addresses and settings, then stays until told to
// stop, or until its parent's end of the pipe closes.
import { parseArgs } from 'node:util';

interface Started {
  readonly url: string;
  readonly controlUrl: string;
  close(): Promise<void>;
}

/** An option of one vendor, beside the ports: its name and what it does. */
type Options = Readonly<Record<string, string>>;

export interface Program<Simulator extends Started> {
  readonly vendor: string;
  readonly options?: Options;
  start(
    ports: { port: number; controlPort: number },
    given: Readonly<Record<string, string | undefined>>,
  ): Promise<Simulator>;
  /** The app's settings that point at it. */
  settings(simulator: Simulator): Readonly<Record<string, string>>;
}

export async function runProgram<Simulator extends Started>(program: Program<Simulator>): Promise<void> {
  const own = program.options ?? {};
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '0' },
      'control-port': { type: 'string', default: '0' },
      'follow-stdin': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
      ...Object.fromEntries(Object.keys(own).map((name) => [name, { type: 'string' as const }])),
    },
  });
  if (values.help) {
    console.log(helpOf(program.vendor, own));
    return;
  }
  const ports = { port: Number(values.port), controlPort: Number(values['control-port']) };
  const texts = Object.entries(values).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  const simulator = await program.start(ports, Object.fromEntries(texts));
  const { url, controlUrl } = simulator;
  console.log(JSON.stringify({ vendor: program.vendor, url, controlUrl, settings: program.settings(simulator) }));

  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    void simulator.close().then(() => process.exit(0));
  };
  process.on('SIGTERM', stop).on('SIGINT', stop);
  if (values['follow-stdin']) process.stdin.on('end', stop).on('close', stop).resume();
}

function helpOf(vendor: string, own: Options): string {
  const lines = {
    port: 'port of the API; a free one if absent',
    'control-port': 'port of the control address; a free one if absent',
    ...own,
    'follow-stdin': 'end when standard input closes, so that no simulator outlives its parent',
  };
  const width = Math.max(...Object.keys(lines).map((name) => name.length)) + 2;
  return [
    `usage: node sandbox/vendors/${vendor}/main.ts [options]`,
    '',
    ...Object.entries(lines).map(([name, what]) => `  --${name.padEnd(width)}${what}`),
  ].join('\n');
}
