// What a plan says of apps outside Okta: how many, and whose owners are asked. One line.
import type { PlannedApp } from '../workflow/model/app-plan.ts';
import type { PlanView } from '../workflow/model/plan.ts';
import { count } from './amounts.ts';
import { safeCode, safeText } from './safe-text.ts';

const MOST_APPS = 6;

export function appLines({ apps = [] }: Pick<PlanView, 'apps'>): readonly string[] {
  if (apps.length === 0) return [];
  const shown = apps.slice(0, MOST_APPS).map(appWords);
  const more = apps.length > shown.length ? ` and ${apps.length - shown.length} more` : '';
  return [
    `:busts_in_silhouette:  *Ask who looks after ${count(apps.length, 'app')} outside Okta to remove access*: ${shown.join(', ')}${more}. By direct message, in their working hours; their word is attested, not verified`,
  ];
}

function appWords({ name, owner, isOwnersOwn }: PlannedApp): string {
  return `${safeText(name, 40)} (${isOwnersOwn ? 'the backup owner, since the owner is who leaves' : safeCode(owner, 60)})`;
}
