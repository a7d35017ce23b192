// The fields of Slack's answers that we use, checked at the border.
import { z } from 'zod';

export const Channel = z.object({
  id: z.string(),
  name: z.string().nullish(),
  is_private: z.boolean().nullish(),
  is_member: z.boolean().nullish(),
  is_archived: z.boolean().nullish(),
});
export type Channel = z.infer<typeof Channel>;

export const Members = z.object({
  members: z.array(z.string()),
  response_metadata: z.object({ next_cursor: z.string().nullish() }).nullish(),
});

export const User = z.object({
  id: z.string(),
  deleted: z.boolean().nullish(),
  profile: z
    .object({ email: z.string().nullish(), real_name: z.string().nullish(), display_name: z.string().nullish() })
    .nullish(),
  real_name: z.string().nullish(),
  /** An IANA name. */
  tz: z.string().nullish(),
});
export type User = z.infer<typeof User>;

export const Opened = z.object({ id: z.string(), hash: z.string() });
export type Opened = z.infer<typeof Opened>;

export const OpenedChannel = z.object({ id: z.string() });
export const Posted = z.object({ ts: z.string() });

export const History = z.object({
  messages: z.array(
    z.object({
      ts: z.string(),
      metadata: z
        .object({ event_type: z.string().nullish(), event_payload: z.record(z.string(), z.unknown()).nullish() })
        .nullish(),
    }),
  ),
  response_metadata: z.object({ next_cursor: z.string().nullish() }).nullish(),
});
