// Writes docs/states.md from the table in transitions.ts; `--check` fails where the page says something else.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { EVENT_MEANINGS, type StepEvent, TRANSITIONS } from '../src/workflow/model/transitions.ts';

const PAGE = fileURLToPath(new URL('../docs/states.md', import.meta.url));

function drawPage(): string {
  const statuses = Object.entries(TRANSITIONS) as [string, Partial<Record<StepEvent, string>>][];
  const arrows = statuses.flatMap(([from, moves]) =>
    Object.entries(moves).map(([event, to]) => `  ${from} --> ${to}: ${event}`),
  );
  const rows = statuses.flatMap(([from, moves]) =>
    Object.entries(moves).map(
      ([event, to]) => `| ${from} | ${event} | ${to} | ${EVENT_MEANINGS[event as StepEvent]} |`,
    ),
  );
  return [
    '# States of a step run',
    '',
    'Generated from `src/workflow/model/transitions.ts` by `node tools/states.ts`; do not edit. A trigger in PostgreSQL refuses',
    'every other move.',
    '',
    '```mermaid',
    'stateDiagram-v2',
    '  [*] --> blocked',
    ...arrows,
    '```',
    '',
    '| Status | Event | Becomes | When |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

const page = drawPage();
if (process.argv.includes('--check')) {
  if (readFileSync(PAGE, 'utf8') !== page) {
    process.stderr.write('docs/states.md is not what transitions.ts says: run node tools/states.ts\n');
    process.exitCode = 1;
  }
} else writeFileSync(PAGE, page);
