// BambooHR's and Okta's doors, at the length of a test that runs each time; test/flow/lasting has the whole.
import { doorsHold } from '../support/webhook-doors.ts';

doorsHold({ mutated: 600, repeated: 100 });
