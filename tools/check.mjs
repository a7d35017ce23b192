// Runs every check that needs no test: types, style and floors, forgotten promises, unused code, generated documents.
// One line a tool; a tool's own words only when it failed. Exits 1 when any did.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** What the tool guards, its command; npm puts node_modules/.bin on PATH. */
const CHECKS = [
  ['types', 'tsc', '--noEmit', '--pretty', 'false'],
  ['types of the page', 'tsc', '--project', 'sandbox/client', '--pretty', 'false'],
  ['style and floors', 'biome', 'check', '--max-diagnostics=50'],
  ['promises', 'oxlint', '--type-aware', '--deny-warnings'],
  ['unused code', 'knip', '--no-progress'],
];
if (existsSync(`${root}tools/states.ts`)) CHECKS.push(['states document', 'node', 'tools/states.ts', '--check']);

const failed = CHECKS.filter((check) => !passes(check));
process.exitCode = failed.length === 0 ? 0 : 1;

function passes([title, program, ...options]) {
  const startedAt = performance.now();
  const onWindows = process.platform === 'win32'; // npm's programs are .cmd files there
  const ran = spawnSync(program, options, { cwd: root, encoding: 'utf8', shell: onWindows });
  const isGood = ran.status === 0;
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(`${isGood ? 'ok  ' : 'FAIL'} ${title} (${program}, ${seconds} s)`);
  if (!isGood) console.log(`${ran.error?.message ?? ''}${ran.stdout ?? ''}${ran.stderr ?? ''}`.trimEnd());
  return isGood;
}
