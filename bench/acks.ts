// How long Slack waits for the ack while a hundred people are asked about at once; each is committed before its ack, and its plan
// is made right after. The control keeps nothing and makes no plan.
import { fileURLToPath } from 'node:url';
import { startChild } from '../sandbox/child-process.ts';
import { quantile } from './figures.ts';
import { catchUp, command, hire, untilHandled } from './slack-acts.ts';
import { LATENCY_MS, onStage } from './stage.ts';
import { heading, held, line, ratio, told } from './table.ts';

const BURST = 100;

export async function measureAcks(serverUrl: string, rounds: number): Promise<void> {
  const acks = { ours: [] as number[], control: [] as number[] };
  const shownAfterMs: number[] = [];
  let planned = 0;
  await onStage({ serverUrl, latencyMs: LATENCY_MS }, async (stage) => {
    const { slack, app, settings } = stage;
    const bare = await startChild<{ eventsUrl: string }>({
      name: 'the bare door',
      program: fileURLToPath(new URL('bare-door.ts', import.meta.url)),
      env: settings,
    });
    try {
      for (let round = 0; round <= rounds; round += 1) {
        const burst = round === 0 ? 10 : BURST; // the first warms up
        const leavers = await hire(stage, burst, `burst${round}x`);
        const knock = () => Promise.all(leavers.map(({ login }, index) => command(stage, login, index)));
        await slack.post('/command/connect', { eventsUrl: bare.announced.eventsUrl });
        const control = await knock();
        await slack.post('/command/connect', { eventsUrl: app.announced.eventsUrl });
        const startedAt = performance.now();
        const ours = await knock();
        const plans = await untilHandled(stage, leavers);
        const handledMs = performance.now() - startedAt;
        await catchUp(stage);
        if (round === 0) continue;
        planned += plans;
        shownAfterMs.push(handledMs);
        acks.control.push(...control);
        acks.ours.push(...ours);
      }
    } finally {
      await bare.stop();
    }
  });
  heading(`acks of ${BURST} commands at once, ${rounds} rounds`);
  line('ack', told(acks.ours));
  line('  control: Bolt, nothing kept', told(acks.control));
  line(
    '  ÷ control',
    `p50 × ${ratio(acks.ours, acks.control, 0.5).toFixed(2)}, p99 × ${ratio(acks.ours, acks.control, 0.99).toFixed(2)}`,
  );
  line('plans made', `${planned} of ${rounds * BURST}, all after ${told(shownAfterMs)}`);
  held('ack p99', quantile(acks.ours, 0.99), 1_000, ' ms');
}
