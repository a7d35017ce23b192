// The channel's word from the daily check: what does not work and how to mend it, or that all is fine again.
import { context, date, type Message, message, section, sections } from './parts.ts';
import { safeText } from './safe-text.ts';

const MOST_TOLD = 20;

/** `failing` empty: what failed before works again. */
export function buildPreflight(given: {
  failing: readonly { readonly check: string; readonly says: string; readonly fix: string }[];
  at: Date;
}): Message {
  const { failing, at } = given;
  if (failing.length === 0)
    return message(
      section(`:white_check_mark:  *Sendoff’s daily check: all fine again.* · ${date(at)}`),
      context('What failed before works now. Nothing was changed by the check.'),
    );
  const problems = failing.length === 1 ? '1 problem' : `${failing.length} problems`;
  const lines = failing.slice(0, MOST_TOLD).map(({ check, says, fix }) => {
    const mend = safeText(fix, 300);
    return `• *${safeText(check, 30)}*: ${safeText(says, 300)}${mend === '' ? '' : `\n   Fix: ${mend}`}`;
  });
  const left = failing.length - lines.length;
  return message(
    section(`:warning:  *Sendoff’s daily check found ${problems}.* · ${date(at)}`),
    ...sections([...lines, ...(left > 0 ? [`…and ${left} more`] : [])]),
    context(
      'Offboardings may not work as planned until this is mended. Nothing was changed by the check. It is told again only when something changes; `npm run doctor` looks at any time.',
    ),
  );
}
