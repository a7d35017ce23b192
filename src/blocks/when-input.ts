// The plan's question of when: empty is now; a day and a time are by the clock on the person's wall.
import type { InputBlock, KnownBlock } from '@slack/types';
import type { PlanView } from '../workflow/model/plan.ts';
import type { When } from '../workflow/model/start.ts';
import { BLOCKS, INPUTS } from './ids.ts';
import { plainText } from './parts.ts';
import { zoneWords } from './start-text.ts';

/** Empty where nobody knows of a zone: a plan of an older version. */
export function whenInputs(plan: PlanView, initial: When | null = null): readonly KnownBlock[] {
  if (!plan.zone) return [];
  const { zone } = plan;
  const day: InputBlock = {
    type: 'input',
    block_id: BLOCKS.startDay,
    optional: true,
    label: plainText('When? Leave it empty to start now', 100),
    element: {
      type: 'datepicker',
      action_id: INPUTS.startDay,
      ...(initial && { initial_date: initial.day }),
      placeholder: plainText('Now', 50),
    },
  };
  const time: InputBlock = {
    type: 'input',
    block_id: BLOCKS.startTime,
    optional: true,
    label: plainText('At, by the clock where they are', 100),
    hint: plainText(`Their time zone: ${zoneWords(zone)}. Only with a day.`, 150),
    element: {
      type: 'timepicker',
      action_id: INPUTS.startTime,
      ...(initial && { initial_time: initial.time }),
      timezone: zone.name,
    },
  };
  return [day, time];
}

/** At the input itself; nothing has been committed. */
export function whenWrong(why: 'no_day' | 'no_time' | 'past'): Readonly<Record<string, string>> {
  switch (why) {
    case 'no_day':
      return { [BLOCKS.startDay]: 'A time needs a day. Nothing was changed.' };
    case 'no_time':
      return { [BLOCKS.startTime]: 'A day needs a time. Nothing was changed.' };
    case 'past':
      return { [BLOCKS.startDay]: 'That moment has gone by where they are. Nothing was changed.' };
    default:
      return why satisfies never;
  }
}
