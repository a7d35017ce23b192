// `npm run demo`: one whole offboarding on the sandbox, told in the terminal and then judged by what the vendors saw.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Evidence } from '../judge/evidence.ts';
import { judge } from '../judge/judge.ts';
import { type Begun, playHook, playHris, playScheduled } from './demo/doors.ts';
import { ADA, playKorea, playRefresh } from './demo/elsewhere.ts';
import { ALEX_APPS, ALEX as DESIGNER, playOwners } from './demo/owners.ts';
import { CHANNEL } from './demo/scene.ts';
import { createShow, type Show } from './demo/show.ts';
import { onStage, type Stage } from './demo/stage.ts';
import { ALEX, DANA, play } from './demo/story.ts';
import { playUndo } from './demo/undo.ts';
import { playWatch } from './demo/watch.ts';

const HELP = `usage: npm run demo -- [--scenario NAME] [--json] [--journals FOLDER] [--break deactivate-twice]

Starts simulated vendors and the real app on loopback, takes Dana out of Acme through a failure, and judges what the
vendors saw. Needs no account, no .env and no database. Exit code 0 only if every check holds.

  --scenario   leaver (the default), korea: who brings the laptop in, refresh: who gets a new one and stays,
               hris: HR ends the record, hook: somebody deactivates in Okta by hand, scheduled: on an agreed day,
               undo: an offboarding that is taken back, watch: who is made active again weeks later,
               owners: apps outside Okta, whose owners are asked
  --json       one JSON object a line instead of a picture
  --journals   also writes journals.json into this folder; node judge/main.ts FOLDER judges it again
  --break      does something behind the app's back that the judge must find: deactivate-twice`;

const BREAKS = ['deactivate-twice'];
interface Scenario {
  /** Where nobody in Slack confirmed it at that moment: when it was allowed to act. */
  play(stage: Stage, show: Show): Promise<Begun | undefined>;
  readonly leaver: typeof DANA;
  /** Who tries on the way and may not. */
  readonly refused: readonly string[];
  readonly kind: 'offboarding' | 'device_return' | 'undo';
  /** Apps outside Okta that concern them; absent: none. */
  readonly apps?: typeof ALEX_APPS;
}

/** What is played, about whom, and who is refused on the way. */
const SCENARIOS: Readonly<Record<string, Scenario>> = {
  leaver: { play, leaver: DANA, refused: [ALEX], kind: 'offboarding' },
  korea: { play: playKorea, leaver: ADA, refused: [], kind: 'offboarding' },
  watch: { play: playWatch, leaver: DANA, refused: [], kind: 'offboarding' },
  refresh: { play: playRefresh, leaver: DANA, refused: [], kind: 'device_return' },
  hris: { play: playHris, leaver: DANA, refused: [], kind: 'offboarding' },
  hook: { play: playHook, leaver: DANA, refused: [], kind: 'offboarding' },
  scheduled: { play: playScheduled, leaver: DANA, refused: [], kind: 'offboarding' },
  undo: { play: playUndo, leaver: DANA, refused: [], kind: 'undo' },
  owners: { play: playOwners, leaver: DESIGNER, refused: [], kind: 'offboarding', apps: ALEX_APPS },
};

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    scenario: { type: 'string', default: 'leaver' },
    journals: { type: 'string' },
    break: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) console.log(HELP);
else if (!Object.hasOwn(SCENARIOS, values.scenario) || (values.break !== undefined && !BREAKS.includes(values.break))) {
  console.error(HELP);
  process.exitCode = 2;
} else process.exitCode = await run(SCENARIOS[values.scenario] as Scenario);

async function run(scenario: Scenario): Promise<number> {
  const startedAt = performance.now();
  const stopping = new AbortController();
  const stop = (signal: NodeJS.Signals): void =>
    stopping.abort(new Error(`Stopped by ${signal}; everything it started is gone.`));
  process.on('SIGINT', stop).on('SIGTERM', stop).on('SIGHUP', stop);
  const show = createShow(process.stdout, values);
  let holds = false;
  let problem: string | undefined;
  try {
    holds = await onStage(stopping.signal, (stage) => playAndJudge(stage, show, scenario));
  } catch (error) {
    problem = error instanceof Error ? error.message : String(error);
  }
  show.end({ holds, seconds: (performance.now() - startedAt) / 1000, ...(problem === undefined ? {} : { problem }) });
  return holds ? 0 : 1;
}

async function playAndJudge(stage: Stage, show: Show, scenario: Scenario): Promise<boolean> {
  const before = { okta: await stage.okta.get('/state'), google: await stage.google.get('/state') };
  const { users } = before.google as { users: readonly { key: string; id: string }[] };
  const { leaver } = scenario;
  const begun = await scenario.play(stage, show);
  if (values.break === 'deactivate-twice') await deactivateAgain(stage);
  const evidence = {
    kind: scenario.kind,
    person: {
      oktaId: leaver.okta.id,
      googleId: users.find((one) => one.key === leaver.key)?.id,
      name: `${leaver.firstName} ${leaver.lastName}`,
    },
    channelId: CHANNEL,
    refused: scenario.refused,
    begun,
    apps: scenario.apps ?? [],
    before,
    after: {
      okta: await stage.okta.get('/state'),
      slack: await stage.slack.get('/state'),
      jira: await stage.jira.get('/state'),
      google: await stage.google.get('/state'),
      retriever: await stage.retriever.get('/state'),
    },
    audit: await stage.audit(),
    journals: {
      okta: await stage.okta.get('/journal'),
      slack: await stage.slack.get('/journal'),
      jira: await stage.jira.get('/journal'),
      google: await stage.google.get('/journal'),
      retriever: await stage.retriever.get('/journal'),
      jamf: await stage.jamf.get('/journal'),
      snipeit: await stage.snipeit.get('/journal'),
    },
  };
  if (values.journals !== undefined) {
    mkdirSync(values.journals, { recursive: true });
    writeFileSync(path.join(values.journals, 'journals.json'), JSON.stringify(evidence));
  }
  const verdict = judge(Evidence.parse(evidence));
  show.verdict(verdict);
  return verdict.holds;
}

/** As a careless script would: Dana is made active again and deactivated a second time, with Okta's other credential. */
async function deactivateAgain(stage: Stage): Promise<void> {
  await stage.okta.post('/command/set_user', { user: DANA.key, patch: { status: 'ACTIVE' } });
  const { OKTA_ORG_URL, OKTA_API_TOKEN } = stage.settings;
  const answer = await fetch(`${OKTA_ORG_URL}/api/v1/users/${DANA.okta.id}/lifecycle/deactivate`, {
    method: 'POST',
    headers: { authorization: `SSWS ${OKTA_API_TOKEN}` },
  });
  if (!answer.ok) throw new Error(`Okta refused the second deactivation: ${answer.status}`);
}
