// Reads from a window which devices an operator ticked, what of their data, and how they return.
import type { SlackViewMiddlewareArgs } from '@slack/bolt';
import { z } from 'zod';
import { BLOCKS, INPUTS } from '../../blocks/ids.ts';
import { type DeviceChoice, FATES, WAYS } from '../../workflow/model/device.ts';

const Choice = z.object({
  ids: z.array(z.string().max(200)).max(100),
  fate: z.enum(FATES as ['collect']),
  way: z.enum(WAYS as ['ship']),
});

type Values = SlackViewMiddlewareArgs['view']['state']['values'];

/** Null: the window had no such inputs. */
export function readDeviceChoice(values: Values): DeviceChoice | null {
  const which = values[BLOCKS.devices]?.[INPUTS.devices];
  if (!which) return null;
  return reviveDeviceChoice({
    ids: (which.selected_options ?? []).map((option) => option.value),
    fate: values[BLOCKS.deviceFate]?.[INPUTS.deviceFate]?.selected_option?.value,
    way: values[BLOCKS.returnWay]?.[INPUTS.returnWay]?.selected_option?.value,
  });
}

/** As it was committed; null: it was not, or is not one. */
export function reviveDeviceChoice(json: unknown): DeviceChoice | null {
  const parsed = Choice.safeParse(json);
  return parsed.success ? parsed.data : null;
}
