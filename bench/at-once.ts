// Many runs confirmed at once: time to revoke and makespan of the app, of the control and of a pipeline that only writes.
import { fileURLToPath } from 'node:url';
import { type Child, startChild } from '../sandbox/child-process.ts';
import { type JournalCall, join, type Times, timesOf } from './figures.ts';
import { BARE_STEPS, boundOf, fewerThanMinimal, MINIMAL_STEPS, type MinimalStep } from './minimal-calls.ts';
import { catchUp, hire, planAll, sentAtOf, submitAll, untilClosed } from './slack-acts.ts';
import { LATENCY_MS, OPERATORS, onStage, type Stage } from './stage.ts';
import { heading, held, line, ratio, told } from './table.ts';
import type { Leaver } from './walk.ts';

const WARM_UP = [1, 10];

export async function measureAtOnce(options: {
  serverUrl: string;
  people: number;
  rounds: number;
  hasPeer: boolean;
}): Promise<void> {
  const { people, rounds, hasPeer, serverUrl } = options;
  const found: Found = { ours: [], control: [], bare: [], peer: [] };
  await onStage({ serverUrl, latencyMs: LATENCY_MS }, async (stage) => {
    const control = await startWalker('control.ts', stage);
    const peer = hasPeer ? await startWalker('peer/main.mjs', stage) : null;
    /** All in turn, so that whatever else the machine does hits each of them alike. */
    const round = async (size: number, name: string): Promise<void> => {
      const walk = (url: string, who: string, steps = MINIMAL_STEPS): Promise<Walked> =>
        walkAll(stage, url, { size, name: `${who}${name}`, steps });
      found.control.push(await walk(control.announced.url, 'control'));
      found.bare.push(await walk(control.announced.url, 'bare', BARE_STEPS));
      if (peer) found.peer.push(await walk(peer.announced.url, 'peer'));
      found.ours.push(await runAll(stage, size, `run${name}`));
    };
    try {
      for (const size of WARM_UP) if (size <= people) await round(size, `warm${size}x`);
      for (const one of Object.values(found)) one.length = 0;
      for (let at = 0; at < rounds; at += 1) await round(people, `${at}x`);
    } finally {
      await control.stop();
      await peer?.stop();
    }
  });
  report(people, rounds, found);
}

type Found = Record<'ours' | 'control' | 'bare' | 'peer', Walked[]>;

interface Walked {
  readonly times: Times;
  readonly calls: number;
}

function startWalker(program: string, stage: Stage): Promise<Child<{ url: string }>> {
  return startChild<{ url: string }>({
    name: program,
    program: fileURLToPath(new URL(program, import.meta.url)),
    env: {
      ...stage.settings,
      BENCH_OPERATOR: OPERATORS[0],
    },
  });
}

async function walkAll(
  stage: Stage,
  url: string,
  { size, name, steps }: { size: number; name: string; steps: readonly MinimalStep[] },
): Promise<Walked> {
  const leavers = await hire(stage, size, name);
  await clearJournals(stage);
  const asked = JSON.stringify({ leavers, bare: steps === BARE_STEPS });
  const response = await fetch(`${url}/run`, { method: 'POST', body: asked });
  if (!response.ok) throw new Error(`${name}: ${await response.text()}`);
  const startedAt = new Map((await response.json()) as [string, number][]);
  return read(stage, leavers, startedAt, steps);
}

/** One round of the app: plans first, then all confirmations at once. */
async function runAll(stage: Stage, people: number, name: string): Promise<Walked> {
  const leavers = await hire(stage, people, name);
  const windows = await planAll(stage, leavers);
  await clearJournals(stage);
  const since = new Date();
  await submitAll(stage, windows);
  await untilClosed(stage, leavers, since);
  const sentAt = await sentAtOf(stage, windows);
  const walked = await read(stage, leavers, sentAt, MINIMAL_STEPS);
  await catchUp(stage);
  return walked;
}

async function clearJournals({ okta, slack }: Stage): Promise<void> {
  await Promise.all([okta.delete('/journal'), slack.delete('/journal')]);
}

/** Throws where the journal shows fewer calls than the bound assumes. */
async function read(
  { okta, slack }: Stage,
  leavers: readonly Leaver[],
  startedAt: ReadonlyMap<string, number>,
  steps: readonly MinimalStep[],
): Promise<Walked> {
  const inOkta = (await okta.get('/journal')) as JournalCall[];
  const inSlack = (await slack.get('/journal')) as JournalCall[];
  const fewer = fewerThanMinimal([...inOkta, ...inSlack], steps, leavers.length);
  if (fewer.length > 0) throw new Error(`fewer calls than the bound assumes: ${fewer.join(', ')}`);
  return { times: timesOf(inOkta, leavers, startedAt, LATENCY_MS), calls: inOkta.length / leavers.length };
}

function report(people: number, rounds: number, found: Found): void {
  const bound = boundOf(MINIMAL_STEPS, LATENCY_MS);
  const timesIn = (key: keyof Found): Times => join(found[key].map(({ times }) => times));
  const [ours, control, bare, peer] = [timesIn('ours'), timesIn('control'), timesIn('bare'), timesIn('peer')];
  const callsIn = (key: keyof Found): string =>
    (found[key].reduce((sum, { calls }) => sum + calls, 0) / found[key].length).toFixed(1);
  heading(`${people} at once, ${rounds} ${rounds === 1 ? 'round' : 'rounds'}`);
  line('Okta calls a run', `${callsIn('ours')}, control ${callsIn('control')}`);
  for (const [what, key, boundMs] of [
    ['time to revoke', 'revoked', bound.revokedMs],
    ['makespan', 'made', bound.madeMs],
  ] as const) {
    const against = (who: readonly number[], than: readonly number[]): string =>
      `p50 × ${ratio(who, than, 0.5).toFixed(2)}, p99 × ${ratio(who, than, 0.99).toFixed(2)}`;
    line(what, told(ours[key]));
    line('  control', told(control[key]));
    line('  only writes', told(bare[key]));
    if (found.peer.length > 0) line('  peer', told(peer[key]));
    line('  bound', `${boundMs} ms; control ÷ bound ${ratio(control[key], [boundMs], 0.5).toFixed(2)}`);
    line('  ÷ control', against(ours[key], control[key]));
    line('  ÷ only writes', against(ours[key], bare[key]));
    if (found.peer.length > 0) line('  peer ÷ control', against(peer[key], control[key]));
    if (people === 1) held(`${what} ÷ bound`, ratio(ours[key], [boundMs], 0.5), 1.1);
  }
  if (people >= 100) {
    held('makespan p50 ÷ control', ratio(ours.made, control.made, 0.5), 2);
    held('time to revoke p99 ÷ control', ratio(ours.revoked, control.revoked, 0.99), 2.5);
  }
}
