// The Block Kit judge: good screens pass, each kind of bad one is refused where it is bad, and its schema is of the installed types.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { schemaVersion } from '../../sandbox/vendors/slack/block-kit-schema.ts';
import { assertBlockKit, findBlockKitProblems, findBlockProblems } from '../support/block-kit/assert-block-kit.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const DESIGN = path.resolve(ROOT, '../shared/design/blocks');

const plain = (text: string): object => ({ type: 'plain_text', text });
const mrkdwn = (text: string): object => ({ type: 'mrkdwn', text });
const section = (text = 'Hello'): object => ({ type: 'section', text: mrkdwn(text) });
const button = (extra: object = {}): object => ({ type: 'button', text: plain('Go'), action_id: 'go', ...extra });
const actions = (...elements: readonly object[]): object => ({ type: 'actions', elements });
const input = (element: object = { type: 'plain_text_input', action_id: 'why' }): object => ({
  type: 'input',
  block_id: 'why',
  label: plain('Why'),
  element,
});
const modal = (extra: object = {}): object => ({ type: 'modal', title: plain('T'), blocks: [section()], ...extra });
const option = (value: string): object => ({ text: plain(value), value });

describe('the schema file', () => {
  it('was generated from the installed @slack/types (else run: node tools/block-kit-schema.mjs)', () => {
    const installed = JSON.parse(readFileSync(path.join(ROOT, 'node_modules/@slack/types/package.json'), 'utf8'));

    expect(schemaVersion).toBe(installed.version);
  });
});

interface Screen {
  readonly _surface: 'message' | 'modal' | 'home' | 'response_action';
  readonly payload: { readonly blocks: readonly Record<string, unknown>[] };
}

function designScreens(): readonly (readonly [string, Screen])[] {
  if (!existsSync(DESIGN)) return [];
  return readdirSync(DESIGN)
    .filter((file) => file.endsWith('.json'))
    .map((file) => [file, JSON.parse(readFileSync(path.join(DESIGN, file), 'utf8')) as Screen] as const)
    .filter(([, screen]) => screen._surface !== 'response_action');
}

describe.skipIf(!existsSync(DESIGN))('the designed screens (skipped without ../shared/design/blocks)', () => {
  it.each(designScreens())('takes %s', (_file, { _surface, payload }) => {
    if (_surface === 'response_action') throw new Error('not a screen');

    // Some were drawn before a button had to be heard as the words on it.
    const problems = findBlockKitProblems(_surface, payload).filter((one) => !one.includes('WCAG 2.5.3'));
    expect(problems).toEqual([]);
  });

  it('refuses every field that Ajv refuses when one is taken away, renamed or given the wrong type', () => {
    const schema = JSON.parse(readFileSync(path.join(ROOT, 'sandbox/vendors/slack/block-kit.schema.json'), 'utf8'));
    const check = new Ajv({ strict: false }).compile({ ...schema, $ref: '#/definitions/KnownBlock' });
    const blocks = designScreens().flatMap(([, screen]) => screen.payload.blocks);
    let refused = 0;

    for (const block of blocks.flatMap(spoil)) {
      if (check(block)) continue;
      refused += 1;
      expect(findBlockProblems('message', [block]).join(), JSON.stringify(block)).toContain('[ERROR]');
    }

    expect(refused).toBeGreaterThan(500);
  });
});

/** The block once without each field, once with it renamed, once with a number in its place; at every depth. */
function spoil(value: unknown): unknown[] {
  if (Array.isArray(value)) {
    return value.flatMap((inner, at) => spoil(inner).map((bad) => value.with(at, bad)));
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([field, inner]) => {
    const { [field]: _gone, ...rest } = value as Record<string, unknown>;
    return [
      rest,
      { ...rest, [`${field}s`]: inner },
      { ...rest, [field]: 7 },
      ...spoil(inner).map((bad) => ({ ...rest, [field]: bad })),
    ];
  });
}

describe('bad screens', () => {
  const message = (...blocks: readonly object[]): object => ({ text: 't', blocks });
  const fifty = Array.from({ length: 50 }, () => ({ type: 'divider' }));
  const table = { type: 'table', rows: [[{ type: 'raw_text', text: 'a' }]] };

  it.each([
    ['an alert in a message', 'message', message({ type: 'alert', text: mrkdwn('x') }), '/blocks/0/type'],
    [
      'an unknown block',
      'message',
      message({ type: 'bogus' }),
      'unsupported type: bogus [json-pointer:/blocks/0/type]',
    ],
    [
      'a text without a type',
      'message',
      message(section(), { type: 'section', text: { text: 'x' } }),
      '/blocks/1/text',
    ],
    ['mrkdwn in a header', 'message', message({ type: 'header', text: mrkdwn('x') }), '/blocks/0/text/type'],
    ['a string for a text object', 'message', message({ type: 'section', text: 'x' }), 'must provide an object'],
    ['a misspelt field', 'message', message(actions(button({ valeu: 'x' }))), 'invalid additional property: valeu'],
    ['container.blocks', 'message', message({ type: 'container', title: plain('x'), blocks: [] }), 'child_blocks'],
    ['an empty section', 'message', message({ type: 'section' }), 'text or fields'],
    ['an empty text', 'message', message(section('')), 'more than 0'],
    ['a section of 3001 characters', 'message', message(section('x'.repeat(3001))), 'less than 3001'],
    ['a header of 151', 'message', message({ type: 'header', text: plain('x'.repeat(151)) }), 'less than 151'],
    [
      'an 11th field',
      'message',
      message({ type: 'section', fields: Array.from({ length: 11 }, () => mrkdwn('x')) }),
      '/fields',
    ],
    ['a button value of 2001', 'message', message(actions(button({ value: 'x'.repeat(2001) }))), '/elements/0/value'],
    [
      'a button text of 76',
      'message',
      message(actions(button({ text: plain('x'.repeat(76)) }))),
      '/elements/0/text/text',
    ],
    ['two equal action_ids', 'message', message(actions(button(), button())), 'action_id already exists'],
    [
      'a block_id used twice',
      'message',
      message({ type: 'divider', block_id: 'a' }, { type: 'divider', block_id: 'a' }),
      'block_id',
    ],
    ['51 blocks', 'message', message(...fifty, section()), 'no more than 50'],
    [
      'more than 13,000 characters',
      'message',
      message(...Array.from({ length: 5 }, () => section('x'.repeat(2900)))),
      'msg_blocks_too_long',
    ],
    ['two tables', 'message', message(table, table), 'only_one_table_allowed'],
    ['a table in a modal', 'modal', modal({ blocks: [table] }), '/view/blocks/0/type'],
    ['a table on the Home tab', 'home', { type: 'home', blocks: [table] }, '/view/blocks/0/type'],
    [
      'a number input on the Home tab',
      'home',
      { type: 'home', blocks: [input({ type: 'number_input', action_id: 'n', is_decimal_allowed: false })] },
      'number_input',
    ],
    ['a title of 25', 'modal', modal({ title: plain('x'.repeat(25)) }), '/view/title/text'],
    ['a submit of 25', 'modal', modal({ submit: plain('x'.repeat(25)) }), '/view/submit/text'],
    ['no title', 'modal', { type: 'modal', blocks: [] }, 'missing required field: title'],
    ['an input without submit', 'modal', modal({ blocks: [input()] }), 'missing required field: submit'],
    ['private_metadata of 3001', 'modal', modal({ private_metadata: 'x'.repeat(3001) }), '/view/private_metadata'],
    ['101 blocks', 'modal', modal({ blocks: [...fifty, ...fifty, section()] }), 'no more than 100'],
    [
      'an overflow of 6',
      'message',
      message(actions({ type: 'overflow', action_id: 'm', options: [...'abcdef'].map(option) })),
      'no more than 5',
    ],
    [
      'an initial option not offered',
      'message',
      message(actions({ type: 'static_select', action_id: 's', options: [option('a')], initial_option: option('b') })),
      'initial option',
    ],
    [
      'a confirm text of 301',
      'message',
      message(actions(button({ confirm: { text: plain('x'.repeat(301)) } }))),
      '/confirm/text/text',
    ],
    ['rows of different width', 'message', message({ type: 'table', rows: [table.rows[0], []] }), '/rows/1'],
  ] as const)('refuses %s', (_name, surface, payload, expected) => {
    const found = findBlockKitProblems(surface, payload);

    expect(found.filter((line) => line.startsWith('[ERROR]')).join('\n')).toContain(expected);
  });

  it.each([
    ['no fallback text', { blocks: [section()] }, 'no fallback text'],
    ['a date in plain_text', message({ type: 'header', text: plain('<!date^1^{time}|x>') }), 'markup in plain_text'],
    ['a button without action_id', message(actions({ type: 'button', text: plain('Go') })), 'no action_id'],
    ['a long button', message(actions(button({ text: plain('x'.repeat(31)) }))), '30 characters'],
    ['a button heard as other words', message(actions(button({ accessibility_label: 'Start' }))), 'WCAG 2.5.3'],
  ])('advises against %s', (_name, payload, expected) => {
    const found = findBlockKitProblems('message', payload);

    expect(found).toEqual([expect.stringMatching(/^\[WARN\]/)]);
    expect(found.join()).toContain(expected);
  });

  it('are named by assertBlockKit, which lets the good one through', () => {
    expect(() => assertBlockKit('modal', modal({ blocks: [input()] }))).toThrow('missing required field: submit');
    expect(() => assertBlockKit('modal', modal({ blocks: [input()], submit: plain('Go') }))).not.toThrow();
  });
});
