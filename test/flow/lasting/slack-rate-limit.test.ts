// Slack asks for patience: it is given the time it asked for, and the thread is whole in the end.
import { expect, it } from 'vitest';
import { announcedPlan, drawn, expectWholeThread, inAnOffice, POST, posts } from '../../support/slack-trouble.ts';

const published = { slackPace: 'published' } as const;

it.concurrent(
  'that asks to slow down is given the time it asked for',
  inAnOffice(async (office) => {
    await announcedPlan(office, 'danna@acme.test');
    office.slack.faults.add({ kind: 'rate_limit', retryAfterSeconds: 2, operation: POST });
    const before = posts(office).length;
    await office.lin.submits();
    await office.closed();
    await office.until(() => posts(office).length > before + 1, 10_000);

    const [refused, next] = posts(office).slice(before);
    expect(refused?.status).toBe(429);
    expect((next?.at ?? 0) - (refused?.at ?? 0)).toBeGreaterThanOrEqual(1_990);
  }, published),
);

it.concurrent(
  'that takes one post a second gets the whole thread, nothing lost and nothing twice',
  inAnOffice(async (office) => {
    await announcedPlan(office, 'danna@acme.test');
    await office.slack.command('rate_limit', { on: true });
    await office.lin.submits();
    await office.closed();
    await drawn(office);
    await office.slack.command('rate_limit', { on: false });

    expectWholeThread(office);
  }, published),
);
