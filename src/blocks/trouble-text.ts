// Refusals that are nobody’s doing: a system that gave no answer, or does not take Sendoff’s credentials. Each with a reference for the log.
import type { Refusal } from '../workflow/model/plan.ts';
import { type RefusalText, told } from './refusal-parts.ts';
import { safeCode, safeText } from './safe-text.ts';
import { vendorName } from './vendor-words.ts';

type Trouble = Extract<Refusal, { readonly reference: string }>;

export function trouble(refusal: Trouble): RefusalText {
  switch (refusal.why) {
    case 'vendor_unreachable': {
      const vendor = vendorName(refusal.vendor);
      return told(
        ':warning:',
        `I could not reach ${vendor} just now.`,
        'Try again in a minute.',
        reference(refusal.reference, refusal.reason),
      );
    }
    case 'vendor_refused_us': {
      const vendor = vendorName(refusal.vendor);
      return told(
        ':warning:',
        `${vendor} does not accept Sendoff’s credentials, or they lack a permission.`,
        `Have Sendoff’s ${vendor} credentials and their permissions checked; until then offboard in ${vendor}’s own admin console.`,
        reference(refusal.reference, refusal.reason),
      );
    }
    case 'safeguard_not_checked':
      return told(
        ':warning:',
        `I could not check this safeguard: ${safeText(refusal.what, 120) || 'not named'}. Without it nothing is started.`,
        'Try again in a minute.',
        reference(refusal.reference),
      );
    case 'database_down':
      // Whether the click itself was kept is not known, and not claimed.
      return {
        ...told(
          ':warning:',
          'Sendoff’s database gave no answer in time.',
          'Try again in a minute; the channel shows what is running. In an emergency, act in Okta’s own admin console.',
          reference(refusal.reference),
        ),
        done: '*Nothing was changed so far.*',
      };
    case 'unexpected':
      return told(
        ':warning:',
        'Something went wrong in Sendoff.',
        'Try again. If it happens again, report it with the reference below.',
        reference(refusal.reference),
      );
    default:
      return refusal satisfies never;
  }
}

function reference(code: string, reason = ''): string {
  const why = safeText(reason, 200);
  return `Reference ${safeCode(code, 60)}${why === '' ? '' : ` · ${why}`}`;
}
