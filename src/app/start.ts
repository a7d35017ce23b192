// What `npm start` runs: settings, app, signals. Says in sentences why it cannot start.
import { StartError } from '../store/start-error.ts';
import { startApp } from './compose.ts';
import { ConfigError, readConfig } from './config.ts';
import { createLog } from './log.ts';
import { createMetrics } from './metrics.ts';

const log = createLog();
try {
  const app = await startApp({
    config: readConfig(),
    clock: { now: () => new Date() },
    log,
    metrics: createMetrics({ ofProcess: true }),
  });
  const stop = (signal: string): void => {
    log.info({ signal }, 'stopping');
    app.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, 'stopping failed');
        process.exit(1);
      },
    );
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
} catch (error) {
  if (error instanceof ConfigError || error instanceof StartError) process.stderr.write(`${error.message}\n`);
  else log.fatal({ err: error }, 'Sendoff could not start');
  process.exitCode = 1;
  // What was half started must not keep the process alive.
  setTimeout(() => process.exit(1), 1_000).unref();
}
