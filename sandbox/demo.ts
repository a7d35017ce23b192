// `npm run demo`: one whole offboarding on the sandbox, told in the terminal and then judged by what the vendors saw.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Evidence } from '../judge/evidence.ts';
import { judge } from '../judge/judge.ts';
import { ADA, playKorea, playRefresh } from './demo/elsewhere.ts';
import { CHANNEL } from './demo/scene.ts';
import { createShow, type Show } from './demo/show.ts';
import { onStage, type Stage } from './demo/stage.ts';
import { ALEX, DANA, play } from './demo/story.ts';

const HELP = `usage: npm run demo -- [--scenario NAME] [--json] [--journals FOLDER] [--break deactivate-twice]

Starts simulated vendors and the real app on loopback, takes Dana out of Acme through a failure, and judges what the
vendors saw. Needs no account, no .env and no database. Exit code 0 only if every check holds.

  --scenario   leaver (the default), korea: who brings the laptop in, refresh: who gets a new one and stays
  --json       one JSON object a line instead of a picture
  --journals   also writes journals.json into this folder; node judge/main.ts FOLDER judges it again
  --break      does something behind the app's back that the judge must find: deactivate-twice`;

const BREAKS = ['deactivate-twice'];
/** What is played, about whom, and who is refused on the way. */
const SCENARIOS = {
  leaver: { play, leaver: DANA, refused: [ALEX], kind: 'offboarding' },
  korea: { play: playKorea, leaver: ADA, refused: [], kind: 'offboarding' },
  refresh: { play: playRefresh, leaver: DANA, refused: [], kind: 'device_return' },
} as const;

function isScenario(name: string): name is keyof typeof SCENARIOS {
  return Object.hasOwn(SCENARIOS, name);
}

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
else if (!isScenario(values.scenario) || (values.break !== undefined && !BREAKS.includes(values.break))) {
  console.error(HELP);
  process.exitCode = 2;
} else process.exitCode = await run();

async function run(): Promise<number> {
  const startedAt = performance.now();
  const stopping = new AbortController();
  const stop = (signal: NodeJS.Signals): void =>
    stopping.abort(new Error(`Stopped by ${signal}; everything it started is gone.`));
  process.on('SIGINT', stop).on('SIGTERM', stop).on('SIGHUP', stop);
  const show = createShow(process.stdout, values);
  let holds = false;
  let problem: string | undefined;
  try {
    holds = await onStage(stopping.signal, (stage) => playAndJudge(stage, show));
  } catch (error) {
    problem = error instanceof Error ? error.message : String(error);
  }
  show.end({ holds, seconds: (performance.now() - startedAt) / 1000, ...(problem === undefined ? {} : { problem }) });
  return holds ? 0 : 1;
}

async function playAndJudge(stage: Stage, show: Show): Promise<boolean> {
  const before = { okta: await stage.okta.get('/state'), google: await stage.google.get('/state') };
  const { users } = before.google as { users: readonly { key: string; id: string }[] };
  const scenario = SCENARIOS[isScenario(values.scenario) ? values.scenario : 'leaver'];
  const { leaver } = scenario;
  await scenario.play(stage, show);
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
    before,
    after: {
      okta: await stage.okta.get('/state'),
      slack: await stage.slack.get('/state'),
      jira: await stage.jira.get('/state'),
      google: await stage.google.get('/state'),
      retriever: await stage.retriever.get('/state'),
    },
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
