// `npm run bench:page -- [--only start,press,scroll,memory] [--runs 500] [--quick]`: what the sandbox's page is held to, each figure
// beside its bar. Needs Chromium, as the browser tests do. Ends by itself and leaves no process.
import { parseArgs } from 'node:util';
import { loadNow, summary } from '../table.ts';
import { measureMemory } from './memory.ts';
import { measurePresses } from './press.ts';
import { measureStart } from './start.ts';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', default: 'start,press,scroll,memory' },
    runs: { type: 'string' },
  },
});
const parts = new Set(values.only.split(','));

console.log(`load ${loadNow()}, node ${process.version}`);
if (parts.has('start')) await measureStart(values.quick ? 1 : 5);
if (parts.has('press')) await measurePresses();
if (parts.has('memory') || parts.has('scroll'))
  await measureMemory(Number(values.runs ?? (values.quick ? 50 : 500)), parts);
summary();
