// Entry of `npm start`. After a kill every second counts: compiled code is kept beside the packages it comes from, where nobody
// but their owner can write.
import { enableCompileCache } from 'node:module';
import path from 'node:path';

enableCompileCache(path.resolve(import.meta.dirname, '../../node_modules/.cache/sendoff'));
await import('./start.ts');
