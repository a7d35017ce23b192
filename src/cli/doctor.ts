// `sendoff doctor`: tries everything Sendoff needs, read-only and at once, and says of each failure what to do about it.
import { parseArgs } from 'node:util';
import { ConnectorError } from '../connectors/connector-error.ts';
import type { CommandContext } from './command.ts';

/** A check that has not answered by then counts as failed. */
export const CHECK_DEADLINE_MS = 8_000;

export interface Finding {
  /** `unproved`: it stands there, but only a write could show that it works. */
  readonly level: 'ok' | 'unproved' | 'warning' | 'problem';
  readonly says: string;
  readonly fix?: string;
}

export interface Check {
  readonly name: string;
  run(): Promise<readonly Finding[]>;
}

/** All at once; a check that does not answer is a problem of its own. Never throws. */
export function runChecks(
  checks: readonly Check[],
): Promise<readonly { readonly name: string; readonly findings: readonly Finding[] }[]> {
  return Promise.all(checks.map(async (check) => ({ name: check.name, findings: await inTime(check) })));
}

const MARKS = { ok: '✔', unproved: '·', warning: '!', problem: '✖' } as const;
const NAME_WIDTH = 11;

export async function doctorCommand(
  args: readonly string[],
  context: Pick<CommandContext, 'print' | 'printError'> & { readonly checks: readonly Check[] },
): Promise<number> {
  const asked = readArgs(args, context.checks);
  if ('refused' in asked) {
    context.printError(asked.refused);
    return 2;
  }
  const results = await runChecks(asked.checks);
  const findings = results.flatMap((result) => result.findings);
  const [problems, warnings] = (['problem', 'warning'] as const).map(
    (level) => findings.filter((one) => one.level === level).length,
  ) as [number, number];
  if (asked.json)
    context.print(`${JSON.stringify({ ok: problems === 0, problems, warnings, checks: results }, null, 2)}\n`);
  else context.print(`${results.map(linesOf).join('')}\n  ${sum(problems, warnings)} Nothing was changed.\n`);
  return problems === 0 ? 0 : 1;
}

function readArgs(
  args: readonly string[],
  checks: readonly Check[],
): { refused: string } | { checks: readonly Check[]; json: boolean } {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { json: { type: 'boolean', default: false }, vendor: { type: 'string' } },
    });
    const chosen = checks.filter(({ name }) => [undefined, name.toLowerCase()].includes(values.vendor?.toLowerCase()));
    if (chosen.length > 0) return { checks: chosen, json: values.json };
    return {
      refused: `There is nothing called ${values.vendor} to check. Known: ${checks.map((one) => one.name).join(', ')}`,
    };
  } catch (error) {
    return { refused: (error as Error).message };
  }
}

async function inTime(check: Check): Promise<readonly Finding[]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<readonly Finding[]>((resolve) => {
    timer = setTimeout(
      () =>
        resolve([
          {
            level: 'problem',
            says: `no answer within ${CHECK_DEADLINE_MS / 1000} s`,
            fix: 'Check its address and the network',
          },
        ]),
      CHECK_DEADLINE_MS,
    );
  });
  try {
    return await Promise.race([check.run(), late]);
  } catch (error) {
    const why = error instanceof ConnectorError ? error.reason : (error as Error).message;
    return [{ level: 'problem', says: `could not be checked (${why})`, fix: 'Check its address and the network' }];
  } finally {
    clearTimeout(timer);
  }
}

/** Several on a line; what needs a fix ends its line, with the fix below. */
function linesOf({ name, findings }: { name: string; findings: readonly Finding[] }): string {
  const lines: string[] = [];
  let line = '';
  for (const { level, says, fix } of findings) {
    line += `${line === '' ? '' : '  '}${MARKS[level]} ${says}${level === 'unproved' ? ' (granted, not exercised)' : ''}`;
    if (fix === undefined && line.length < 80) continue;
    lines.push(line);
    if (fix !== undefined) lines.push(`  Fix: ${fix}`);
    line = '';
  }
  if (line !== '') lines.push(line);
  return lines.map((one, at) => `  ${(at === 0 ? name : '').padEnd(NAME_WIDTH)}${one}\n`).join('');
}

function sum(problems: number, warnings: number): string {
  const told = [
    ...(problems > 0 ? [`${problems} ${problems === 1 ? 'problem' : 'problems'}`] : []),
    ...(warnings > 0 ? [`${warnings} ${warnings === 1 ? 'warning' : 'warnings'}`] : []),
  ];
  return told.length === 0 ? 'No problems.' : `${told.join(', ')}.`;
}
