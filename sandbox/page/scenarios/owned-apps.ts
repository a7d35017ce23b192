// Apps that Okta does not close (see sandbox/policy.yaml): whoever looks after each is asked by direct message, in their working hours.
import { person } from '../../people.ts';
import { offboard } from './offboard.ts';
import type { Stage } from './stage.ts';

const [EVERYONE, DESIGN] = ['00gEveryone000000001', '00gDesign00000000001'];
const OWNER = person('grace');
const HOUR_MS = 3_600_000;

export async function ownedApps(stage: Stage): Promise<string> {
  await stage.needs('alex');
  await stage.tell('okta', 'set_user', { user: 'alex', patch: { groups: [EVERYONE, DESIGN] } });
  await offboard(stage, 'alex');
  await stage.message('Figma');
  const ms = untilAtWork(new Date(Date.now() + stage.world.aheadMs), OWNER.timezone);
  if (ms > 0) {
    stage.say(`Grace sits in Nairobi and is asked in her working hours: ${Math.ceil(ms / HOUR_MS)} hours pass…`);
    await stage.world.advance(ms);
  }
  await stage.message('Figma', { to: String(OWNER.slackUserId) });
  return 'Grace is asked about Figma and Miro. Become Grace, and answer under Direct messages; the thread tells what she said.';
}

/** Milliseconds until somebody there is at work: on weekdays from 9 to 17. */
function untilAtWork(from: Date, timeZone: string): number {
  const clock = new Intl.DateTimeFormat('en-GB', { timeZone, weekday: 'short', hour: '2-digit', hourCycle: 'h23' });
  for (let ms = 0; ; ms += HOUR_MS / 4) {
    const parts = Object.fromEntries(
      clock.formatToParts(new Date(from.getTime() + ms)).map(({ type, value }) => [type, value]),
    );
    const isWeekend = parts.weekday === 'Sat' || parts.weekday === 'Sun';
    if (!isWeekend && Number(parts.hour) >= 9 && Number(parts.hour) < 17) return ms;
  }
}
