// Shows that the lint sees a violation of every floor (ARCHITECTURE.md §2), and lets through what a floor allows.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** [file, what it must not import] */
const FORBIDDEN = [
  ['src/app/compose.ts', 'pg'],
  ['src/app/compose.ts', '@prisma/client'],
  ['src/app/compose.ts', '@okta/okta-sdk-nodejs'],
  ['src/app/compose.ts', '../../sandbox/main.ts'],
  ['src/app/compose.ts', '../../test/support/builders.ts'],
  ['src/app/compose.ts', '../../bench/main.ts'],
  ['src/app/compose.ts', '../../judge/judge.ts'],
  ['src/app/compose.ts', '../store/generated/client.ts'],
  ['src/listeners/register.ts', '../app/config.ts'],
  ['src/listeners/actions/retry.ts', '../../webhooks/okta.ts'],
  ['src/listeners/actions/retry.ts', '../../cli/sendoff.ts'],
  ['src/listeners/actions/retry.ts', 'pg'],
  ['src/webhooks/okta.ts', '../app/config.ts'],
  ['src/webhooks/okta.ts', '../listeners/register.ts'],
  ['src/webhooks/okta.ts', '../cli/sendoff.ts'],
  ['src/webhooks/okta.ts', '@slack/bolt'],
  ['src/cli/sendoff.ts', '../app/config.ts'],
  ['src/cli/sendoff.ts', '../listeners/register.ts'],
  ['src/cli/sendoff.ts', '../webhooks/okta.ts'],
  ['src/reporters/app-home.ts', '../app/config.ts'],
  ['src/reporters/app-home.ts', '../listeners/register.ts'],
  ['src/reporters/app-home.ts', '../webhooks/okta.ts'],
  ['src/reporters/app-home.ts', '../cli/sendoff.ts'],
  ['src/reporters/app-home.ts', '@slack/bolt'],
  ['src/workflow/runner.ts', '../app/config.ts'],
  ['src/workflow/runner.ts', '../listeners/register.ts'],
  ['src/workflow/runner.ts', '../reporters/app-home.ts'],
  ['src/workflow/runner.ts', '../store/runs.ts'],
  ['src/workflow/runner.ts', '../blocks/ids.ts'],
  ['src/workflow/steps/okta-block.ts', '../../store/runs.ts'],
  ['src/workflow/steps/okta-block.ts', '@okta/okta-sdk-nodejs'],
  ['src/store/runs.ts', '../workflow/runner.ts'],
  ['src/store/runs.ts', '../workflow/steps/catalogue.ts'],
  ['src/store/runs.ts', '../connectors/okta/client.ts'],
  ['src/store/runs.ts', '../blocks/ids.ts'],
  ['src/store/runs.ts', '../reporters/app-home.ts'],
  ['src/blocks/step-card.ts', 'node:fs'],
  ['src/blocks/step-card.ts', 'fs'],
  ['src/blocks/step-card.ts', 'zod'],
  ['src/blocks/step-card.ts', '@slack/web-api'],
  ['src/blocks/step-card.ts', '../store/runs.ts'],
  ['src/blocks/step-card.ts', '../connectors/okta/client.ts'],
  ['src/blocks/step-card.ts', '../workflow/runner.ts'],
  ['src/blocks/step-card.ts', '../listeners/register.ts'],
  ['src/workflow/model/run.ts', 'node:crypto'],
  ['src/workflow/model/run.ts', 'pino'],
  ['src/workflow/model/run.ts', '@slack/types'],
  ['src/workflow/model/run.ts', '../runner.ts'],
  ['src/workflow/model/run.ts', '../../connectors/connector-error.ts'],
  ['src/connectors/okta/client.ts', '../google/client.ts'],
  ['src/connectors/okta/client.ts', '../../workflow/model/run.ts'],
  ['src/connectors/okta/client.ts', '../../store/runs.ts'],
  ['src/connectors/okta/client.ts', '../../blocks/ids.ts'],
  ['src/connectors/okta/client.ts', '@slack/bolt'],
  ['src/connectors/okta/client.ts', 'googleapis/build/src/apis/admin/index.js'],
  ['src/connectors/jamf/client.ts', '@okta/okta-sdk-nodejs'],
  ['src/connectors/google/client.ts', '../okta/client.ts'],
  ['src/connectors/google/client.ts', 'jira.js'],
  ['src/connectors/http.ts', './okta/client.ts'],
  ['src/connectors/http.ts', '../store/runs.ts'],
  ['sandbox/demo.ts', '../src/app/main.ts'],
  ['judge/judge.ts', '../src/blocks/ids.ts'],
  ['judge/judge.ts', '../sandbox/people.ts'],
  ['judge/judge.ts', '../test/support/engine.ts'],
] as const;

/** [file, what it may import]: the control that keeps the rules from forbidding everything. */
const ALLOWED = [
  ['src/app/compose.ts', '../store/runs.ts'],
  ['src/app/compose.ts', '../listeners/register.ts'],
  ['src/app/compose.ts', '@slack/bolt'],
  ['src/listeners/actions/retry.ts', '../../workflow/workflow.ts'],
  ['src/listeners/actions/retry.ts', '@slack/bolt'],
  ['src/listeners/actions/retry.ts', '../register.ts'],
  ['src/reporters/app-home.ts', '../blocks/home.ts'],
  ['src/workflow/steps/okta-block.ts', '../../connectors/okta/client.ts'],
  ['src/workflow/steps/okta-block.ts', '../model/step.ts'],
  ['src/store/runs.ts', '../workflow/model/run.ts'],
  ['src/store/runs.ts', './generated/client.ts'],
  ['src/store/runs.ts', 'pg'],
  ['src/blocks/step-card.ts', './ids.ts'],
  ['src/blocks/step-card.ts', '../workflow/model/run.ts'],
  ['src/blocks/step-card.ts', '@slack/types'],
  ['src/workflow/model/run.ts', './policy.ts'],
  ['src/workflow/model/run.ts', 'zod'],
  ['src/connectors/okta/client.ts', '@okta/okta-sdk-nodejs'],
  ['src/connectors/okta/client.ts', '../connector-error.ts'],
  ['src/connectors/google/client.ts', 'googleapis/build/src/apis/admin/index.js'],
  ['sandbox/app.ts', '../src/app/compose.ts'],
  ['sandbox/demo.ts', './app.ts'],
  ['sandbox/demo.ts', '../judge/judge.ts'],
  ['judge/judge.ts', './evidence.ts'],
  ['judge/judge.ts', 'zod'],
  ['judge/judge.ts', 'node:util'],
  ['test/unit/x.test.ts', '../../src/app/compose.ts'],
] as const;

type Report = { diagnostics: { category: string; location: { path: string | { file: string } } }[] };

const project = mkdtempSync(path.join(os.tmpdir(), 'sendoff-floors-'));
const planted = [...FORBIDDEN, ...ALLOWED].map(([file, from], index) => ({ file: plantedName(file, index), from }));
let reported: Set<string>;

beforeAll(() => {
  for (const { file, from } of planted) {
    mkdirSync(path.join(project, path.dirname(file)), { recursive: true });
    writeFileSync(path.join(project, file), `import { planted } from '${from}';\n\nplanted();\n`);
  }
  reported = lint();
});

afterAll(() => rmSync(project, { recursive: true, force: true }));

describe('the floors', () => {
  it.each(FORBIDDEN.map(([file, from], index) => ({ file, from, index })))('keep $from out of $file', ({ index }) => {
    expect(reported).toContain(planted[index]?.file);
  });

  it.each(ALLOWED.map(([file, from], index) => ({ file, from, index })))('let $file import $from', ({ index }) => {
    expect(reported).not.toContain(planted[FORBIDDEN.length + index]?.file);
  });
});

/** One import a file, in the same folder; a file that a rule names keeps its own name. */
function plantedName(file: string, index: number): string {
  return file === 'sandbox/app.ts' ? file : file.replace(/[^/]*$/, `planted-${index}.ts`);
}

function lint(): Set<string> {
  const config = JSON.parse(readFileSync('biome.json', 'utf8'));
  writeFileSync(path.join(project, 'biome.json'), JSON.stringify({ ...config, vcs: { enabled: false } }));
  const biome = createRequire(import.meta.url).resolve('@biomejs/biome/bin/biome');
  const options = ['lint', '--only=style/noRestrictedImports', '--reporter=json', '--max-diagnostics=none'];
  try {
    execFileSync(process.execPath, [biome, ...options], { cwd: project, encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    const report: Report = JSON.parse((error as { stdout: string }).stdout);
    const files = report.diagnostics.map(({ location: { path: at } }) => (typeof at === 'string' ? at : at.file));
    return new Set(files.map((file) => path.relative(project, path.resolve(project, file)).replaceAll(path.sep, '/')));
  }
  throw new Error('Biome reported nothing of what was planted');
}
