// Judges a recorded offboarding from a file. Usage: node judge/main.ts [--json] <journals.json, or the folder that holds it>
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Evidence } from './evidence.ts';
import { judge } from './judge.ts';

const HELP = `usage: node judge/main.ts [--json] <journals.json, or the folder that holds it>

Judges what the vendors' simulators saw of one offboarding (npm run -s demo -- --journals FOLDER records it).
Exit code 0 only if every check holds; 2 if the file is not readable.`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
});

if (values.help) console.log(HELP);
else process.exitCode = judgeFile(positionals[0]);

function judgeFile(given: string | undefined): number {
  if (given === undefined) {
    console.error(HELP);
    return 2;
  }
  let evidence: Evidence;
  try {
    const file = statSync(given).isDirectory() ? path.join(given, 'journals.json') : given;
    evidence = Evidence.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    console.error(
      `${given} is not a record of an offboarding: ${error instanceof Error ? error.message : String(error)}`,
    );
    return 2;
  }
  const verdict = judge(evidence);
  if (values.json) console.log(JSON.stringify(verdict));
  else
    for (const { holds, sentence, evidence: by } of verdict.checks)
      console.log(`${holds ? 'ok  ' : 'FAIL'} ${sentence} ${by}.`);
  return verdict.holds ? 0 : 1;
}
