// `npm run bench -- [--quick] [--only at-once,acks,statements,alone] [--runs 1,10,50,100] [--peer]`: the figures that Sendoff is
// held to, each beside its control and its bar. Ratios count, not milliseconds: all sides share one machine, one simulator and
// one latency, in turn. BENCH_PROFILE=folder keeps a CPU profile of the app.
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import os from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { makeTemporaryFolder } from '../sandbox/temporary-folder.ts';
import { startPostgres } from '../src/store/embedded-postgres.ts';
import { measureAcks } from './acks.ts';
import { measureAlone } from './alone.ts';
import { measureAtOnce } from './at-once.ts';
import { LATENCY_MS, prepareServer } from './stage.ts';
import { measureStatements } from './statements.ts';
import { loadNow, summary } from './table.ts';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', default: 'at-once,acks,statements,alone' },
    runs: { type: 'string' },
    peer: { type: 'boolean', default: false },
  },
});
const { quick } = values;
const parts = new Set(values.only.split(','));
const sizes = (values.runs ?? (quick ? '1,100' : '1,10,50,100')).split(',').map(Number);
const rounds = (people: number): number => {
  if (people === 1) return quick ? 4 : 15;
  if (people <= 10) return quick ? 2 : 5;
  return quick ? 1 : 3;
};

if (values.peer) installPeer();
console.log(`${os.cpus().length} cores, load ${loadNow()}, ${LATENCY_MS} ms a vendor call, node ${process.version}`);
const folder = makeTemporaryFolder();
const server = await startPostgres({ dataDir: folder });
const serverUrl = server.url;
try {
  await prepareServer(serverUrl);
  if (parts.has('at-once'))
    for (const people of sizes)
      await measureAtOnce({ serverUrl, people, rounds: rounds(people), hasPeer: values.peer });
  if (parts.has('acks')) await measureAcks(serverUrl, quick ? 1 : 3);
  if (parts.has('statements')) await measureStatements({ serverUrl, runs: quick ? 25 : 1_000 });
  if (parts.has('alone')) await measureAlone({ serverUrl, starts: quick ? 1 : 5, idleMs: quick ? 20_000 : 60_000 });
  summary();
} finally {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}

/** The peer's packages are its own: nobody who does not measure it has them. */
function installPeer(): void {
  const cwd = fileURLToPath(new URL('peer', import.meta.url));
  if (existsSync(`${cwd}/node_modules`)) return;
  const installed = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd, stdio: 'inherit' });
  if (installed.status !== 0) throw new Error('the peer’s packages could not be installed');
}
