// What /metrics says: counts, never names; figures of the rows read once in a while, and left out when they cannot be.
import { expect, it } from 'vitest';
import { createMetrics } from '../../../src/app/metrics.ts';
import type { Figures } from '../../../src/store/figures.ts';

const NOW = new Date('2026-03-02T09:00:00Z');
const FIGURES: Figures = {
  runs: [
    { kind: 'offboarding', status: 'open', count: 2 },
    { kind: 'offboarding', status: 'closed', count: 7 },
  ],
  steps: [{ status: 'needs_human', count: 1 }],
  queueAgeMs: 1_500,
  revoked: { runs: 7, p50Ms: 200, p99Ms: 900 },
  unrevokedMs: 61_000,
  latePictures: { count: 3, oldestMs: 4_000 },
};

it('tells vendor calls by how they ended, and how long they took', async () => {
  const metrics = createMetrics();
  const call = { vendor: 'okta', operation: 'suspendUser', kind: 'write' } as const;

  metrics.onCall({ ...call, outcome: 'answered', tookMs: 30 });
  metrics.onCall({ ...call, outcome: 'ambiguous', tookMs: 8_000 });

  const text = await metrics.text();
  const labels = 'vendor="okta",operation="suspendUser",kind="write"';
  expect(text).toContain(`sendoff_vendor_calls_total{${labels},outcome="answered"} 1`);
  expect(text).toContain(`sendoff_vendor_calls_total{${labels},outcome="ambiguous"} 1`);
  expect(text).toContain(`sendoff_vendor_call_seconds_bucket{le="0.05",${labels}} 1`);
  expect(text).toContain(`sendoff_vendor_call_seconds_count{${labels}} 2`);
});

it('tells how requests to a webhook’s door ended', async () => {
  const metrics = createMetrics();

  metrics.onWebhook('easypost', 'taken');
  metrics.onWebhook('easypost', 'forged');
  metrics.onWebhook('easypost', 'forged');

  const text = await metrics.text();
  expect(text).toContain('sendoff_webhook_requests_total{vendor="easypost",outcome="taken"} 1');
  expect(text).toContain('sendoff_webhook_requests_total{vendor="easypost",outcome="forged"} 2');
});

it('tells attempts and refused requests', async () => {
  const metrics = createMetrics();

  metrics.onAttempt('okta.block', 'satisfy');
  metrics.onAttempt('okta.block', 'replaced');
  metrics.onRefused('signature');

  const text = await metrics.text();
  expect(text).toContain('sendoff_step_attempts_total{step="okta.block",outcome="done"} 1');
  expect(text).toContain('sendoff_step_attempts_total{step="okta.block",outcome="replaced"} 1');
  expect(text).toContain('sendoff_slack_requests_refused_total{reason="signature"} 1');
});

it('tells the figures of the rows in seconds', async () => {
  const metrics = createMetrics();
  metrics.watch(
    async () => FIGURES,
    () => NOW,
  );

  const text = await metrics.text();

  for (const line of [
    'sendoff_database_up 1',
    'sendoff_runs{kind="offboarding",status="closed"} 7',
    'sendoff_steps{status="needs_human"} 1',
    'sendoff_queue_age_seconds 1.5',
    'sendoff_time_to_revoke_seconds{quantile="0.99"} 0.9',
    'sendoff_time_to_revoke_runs 7',
    'sendoff_unrevoked_age_seconds 61',
    'sendoff_pictures_late 3',
    'sendoff_pictures_late_seconds 4',
  ])
    expect(text.split('\n')).toContain(line);
});

it('reads the rows once however many ask, with the Clock’s time', async () => {
  const metrics = createMetrics();
  const asked: Date[] = [];
  metrics.watch(
    async (now) => {
      asked.push(now);
      return FIGURES;
    },
    () => NOW,
  );

  await Promise.all([metrics.text(), metrics.text()]);
  await metrics.text();

  expect(asked).toEqual([NOW]);
});

it('says that the database is not up rather than repeating old figures, and still tells the rest', async () => {
  const metrics = createMetrics();
  metrics.watch(
    () => Promise.reject(new Error('no connection')),
    () => NOW,
  );
  metrics.onRefused('stale');

  const text = await metrics.text();

  expect(text).toContain('sendoff_database_up 0');
  expect(text).toContain('sendoff_slack_requests_refused_total{reason="stale"} 1');
  expect(text).not.toMatch(/^sendoff_(runs|queue_age_seconds|unrevoked_age_seconds|pictures_late)\b.* \d/m);
});

it('is text that Prometheus reads', () => {
  expect(createMetrics().contentType).toMatch(/^text\/plain; version=0\.0\.4/);
});
