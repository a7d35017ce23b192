// A message's elements: whatever is pressed goes to the app at once, and nothing is kept here.
import { useMemo, useState } from 'react';
import { act, problemText, say } from './connection.ts';
import type { SeenMessage } from './shapes.ts';
import type { Surface } from './surface.ts';
import { plain } from './text.tsx';
import { valueIn } from './values.ts';

export function useMessageSurface({ ts }: SeenMessage): Surface {
  const [busy, setBusy] = useState<readonly string[]>([]);
  return useMemo(
    () => ({
      kind: 'message',
      async act(block, element, value) {
        const id = `${block.block_id} ${element.action_id}`;
        setBusy((before) => [...before, id]);
        const answer = await act('click', {
          messageTs: ts,
          blockId: block.block_id,
          actionId: element.action_id,
          ...(value === undefined ? {} : { value }),
        });
        setBusy((before) => before.filter((one) => one !== id));
        if (answer?.problem) say(problemText(answer.problem, `“${plain(element.text) || 'That'}”`));
      },
      isBusy: (element) => busy.some((one) => one.endsWith(` ${element.action_id}`)),
      valueOf: (_block, element) => valueIn(element),
      type: () => undefined,
      suggest: async () => [],
      errorOf: () => null,
    }),
    [ts, busy],
  );
}
