// Entry of `npm start`. After a kill every second counts: compiled code is kept beside the packages it comes from, where nobody
// but their owner can write.
import { enableCompileCache, flushCompileCache } from 'node:module';
import path from 'node:path';
import { keepHeapSmall } from './heap.ts';

/** By then what is loaded on first use is loaded too. Left to the exit, a killed process would keep nothing. */
const FLUSH_AGAIN_MS = 15_000;

keepHeapSmall();
enableCompileCache(path.resolve(import.meta.dirname, '../../node_modules/.cache/sendoff'));
await import('./start.ts');
flushCompileCache();
setTimeout(flushCompileCache, FLUSH_AGAIN_MS).unref();
