// Reads from the window of a device return what an operator chose: why, which devices, how they return, what of their data.
import type { SlackViewMiddlewareArgs } from '@slack/bolt';
import { z } from 'zod';
import { BLOCKS, INPUTS } from '../../blocks/ids.ts';
import { FATES, WAYS } from '../../workflow/model/device.ts';
import { REASONS, type ReturnChoice, type TypedDevice } from '../../workflow/model/device-return.ts';

const Choice = z.object({
  reason: z.enum(REASONS as ['refresh']),
  ids: z.array(z.string().max(200)).max(100),
  typed: z
    .array(z.object({ kind: z.enum(['laptop', 'desktop', 'monitor', 'phone', 'other']), serial: z.string().max(40) }))
    .max(20),
  withCharger: z.boolean(),
  fate: z.enum(FATES as ['collect']),
  way: z.enum(WAYS as ['ship']),
});

type Values = SlackViewMiddlewareArgs['view']['state']['values'];

/** Null: the window lacks an input that it has, or holds a value that was not on offer. */
export function readReturnChoice(values: Values, typed: readonly TypedDevice[]): ReturnChoice | null {
  const chosen = (block: keyof typeof BLOCKS & keyof typeof INPUTS) =>
    values[BLOCKS[block]]?.[INPUTS[block]]?.selected_option?.value;
  const ticked = (block: keyof typeof BLOCKS & keyof typeof INPUTS): readonly string[] =>
    (values[BLOCKS[block]]?.[INPUTS[block]]?.selected_options ?? []).map((option) => option.value);
  return reviveReturnChoice({
    reason: chosen('returnReason'),
    ids: ticked('devices'),
    typed,
    withCharger: ticked('returnCharger').includes('charger'),
    fate: chosen('deviceFate'),
    way: chosen('returnWay'),
  });
}

/** As it was committed; null: it was not, or is not one. */
export function reviveReturnChoice(json: unknown): ReturnChoice | null {
  const parsed = Choice.safeParse(json);
  return parsed.success ? parsed.data : null;
}
