// BambooHR's and Okta's doors: 10,000 requests with something changed and 1,000 repeats each.
import { doorsHold } from '../../support/webhook-doors.ts';

doorsHold({ mutated: 10_000, repeated: 1_000 });
