// Stops an npm script on a Node that cannot run Sendoff, before that Node meets TypeScript. Plain JavaScript of Node 18.
import { realpathSync } from 'node:fs';
import { argv, exit, stderr, versions } from 'node:process';
import { pathToFileURL } from 'node:url';

// Type stripping without a flag: https://nodejs.org/docs/latest-v22.x/api/typescript.html ("v22.18.0: enabled by default").
const NEEDED = [22, 18];

/** One sentence when `version` ("v20.1.0" or "20.1.0") is too old, else null. */
export function nodeComplaint(version) {
  const [major, minor] = version.replace(/^v/, '').split('.').map(Number);
  // 23 had it from 23.6 on, and is out of support: 22.18 or any even line after it.
  if (major > 23 || (major === 23 && minor >= 6) || (major === NEEDED[0] && minor >= NEEDED[1])) return null;
  return (
    `Sendoff needs Node ${NEEDED.join('.')} or newer and this is Node ${version.replace(/^v/, '')}: ` +
    'install Node 24 from https://nodejs.org (macOS: `brew install node@24`), then run `npm ci` and this command again.'
  );
}

if (argv[1] && import.meta.url === pathToFileURL(realpathSync(argv[1])).href) {
  const complaint = nodeComplaint(versions.node);
  if (complaint) {
    stderr.write(`${complaint}\n`);
    exit(1);
  }
}
