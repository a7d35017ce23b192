// `npm run sandbox`. Everything is loaded through a compile cache: without it nobody would see the page within three seconds.
import { enableCompileCache } from 'node:module';
import path from 'node:path';

const cache = path.resolve(import.meta.dirname, '../node_modules/.cache/sendoff-compile');
enableCompileCache(cache);
// The app's process finds it there.
process.env.NODE_COMPILE_CACHE ??= cache;
const { run } = await import('./page/run.ts');
// Standard input, where it is followed, would keep us.
process.exit(await run(process.argv.slice(2)));
