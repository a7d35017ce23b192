// Prisma's own settings, for `npx prisma …` only: the app applies its migrations itself and never reads this file.
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'prisma/config';

// Without this Prisma downloads a native schema engine, which a machine without a network or behind a proxy cannot do.
process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= fileURLToPath(new URL('./tools/schema-engine.mjs', import.meta.url));
// Prisma otherwise asks checkpoint.prisma.io for news at every command and tells it which project asked.
process.env.CHECKPOINT_DISABLE ??= '1';

export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  // `prisma generate` and `validate` need no server, but Prisma wants an address even then: nothing listens on this one.
  datasource: { url: process.env.DATABASE_URL ?? 'postgresql://postgres@127.0.0.1:1/sendoff' },
});
