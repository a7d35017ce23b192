// What a step is about, for people: a device by the name and serial number on it, never by a vendor's id where there is a better word.
import type { Facts } from '../workflow/model/step.ts';
import { safeText } from './safe-text.ts';

/** ` (Dana’s MacBook Pro, C02DANA0001)`, ready to follow a title; empty for a step that is about the whole run. */
export function subjectWords({ subject, facts = {} }: { readonly subject: string; readonly facts?: Facts }): string {
  if (subject === '') return '';
  const words = ['name', 'serial'].flatMap((key) => {
    const fact = facts[key];
    return typeof fact === 'string' && fact !== '' ? [safeText(fact, 40)] : [];
  });
  return ` (${words.filter(Boolean).join(', ') || safeText(subject, 40) || 'unnamed'})`;
}
