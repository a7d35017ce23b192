// A private answer goes where the button was pressed: into the thread of a reply, else where Slack's own address leads.
import type { BlockAction, ButtonAction } from '@slack/bolt';
import { expect, it } from 'vitest';
import { ConnectorError, type ConnectorErrorKind } from '../../../src/connectors/connector-error.ts';
import { answerAt, type ClickPlace, placeIn, placeOf } from '../../../src/listeners/click-place.ts';

const MESSAGE = { text: 'No', blocks: [] };
const URL = 'https://hooks.slack.com/actions/1';
const IN_THREAD: ClickPlace = { responseUrl: URL, thread: { channel: 'C1', user: 'U1', ts: '1.000100' } };

function pressed(given: object): BlockAction<ButtonAction> {
  const body = { user: { id: 'U1' }, channel: { id: 'C1', name: 'it' }, response_url: URL, ...given };
  return body as unknown as BlockAction<ButtonAction>;
}

/** What Slack was asked, with postEphemeral refused in this way. */
function slack(refused: ConnectorErrorKind | null) {
  const asked: unknown[] = [];
  return {
    asked,
    async postEphemeral(to: object) {
      asked.push(to);
      if (refused)
        throw new ConnectorError({
          kind: refused,
          vendor: 'slack',
          operation: 'chat.postEphemeral',
          reason: 'user_not_in_channel',
        });
    },
    async respond(url: string) {
      asked.push(url);
    },
  };
}

it.each([
  ['a reply', { container: { message_ts: '2.000100', thread_ts: '1.000100' } }, '1.000100'],
  [
    'a reply that only the message tells of',
    { container: { message_ts: '2.000100' }, message: { thread_ts: '1.000100' } },
    '1.000100',
  ],
  ['the thread’s first message', { container: { message_ts: '1.000100' }, message: { thread_ts: '1.000100' } }, null],
  ['a message without answers', { container: { message_ts: '1.000100' }, message: {} }, null],
  ['the Home tab', { container: { type: 'view', view_id: 'V1' }, channel: undefined, response_url: undefined }, null],
])('%s', (_where, given, ts) => {
  const place = placeOf(pressed(given));
  expect(place.thread?.ts ?? null).toBe(ts);
  expect(placeIn(JSON.parse(JSON.stringify({ run: '1', ...place })))).toEqual(place);
});

it('answers in the thread alone', async () => {
  const asked = slack(null);
  await answerAt(asked, IN_THREAD, MESSAGE);
  expect(asked.asked).toEqual([{ channel: 'C1', user: 'U1', threadTs: '1.000100' }]);
});

it('answers in the channel where Slack refuses it in the thread, and says nothing twice where nobody knows', async () => {
  const refused = slack('rejected');
  await answerAt(refused, IN_THREAD, MESSAGE);
  expect(refused.asked.at(-1)).toBe(URL);

  const lost = slack('ambiguous');
  await expect(answerAt(lost, IN_THREAD, MESSAGE)).rejects.toBeInstanceOf(ConnectorError);
  expect(lost.asked).toHaveLength(1);
});

it('answers at Slack’s address where there is no thread, also what an older version has kept', async () => {
  const asked = slack(null);
  await answerAt(asked, placeIn({ responseUrl: URL }), MESSAGE);
  await answerAt(asked, { responseUrl: '', thread: null }, MESSAGE);
  expect(asked.asked).toEqual([URL]);
});
