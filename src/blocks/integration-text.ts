// What is said of API tokens and integrations that hang on a leaver: in the plan, which end with the account; in the run, what each needs.
import type { IntegrationKind, IntegrationsView } from '../workflow/model/integration.ts';
import type { PlanView } from '../workflow/model/plan.ts';
import type { StepView } from '../workflow/model/run.ts';
import { count, countAndList, wordIn } from './amounts.ts';
import type { Form } from './forms.ts';
import { operatorName } from './names.ts';
import { date } from './parts.ts';
import type { QuestionWords } from './question.ts';
import { safeText } from './safe-text.ts';
import type { StepWords } from './step-words.ts';

const OKTA_INTEGRATIONS = 'okta.integrations';

export const INTEGRATION_STEPS: Readonly<Record<string, StepWords>> = {
  [OKTA_INTEGRATIONS]: {
    short: 'rotation',
    todo: 'Replace what they set up in Okta',
    doing: 'Asking whether it was replaced',
    done: 'Replaced: what they set up in Okta',
    moot: 'Nothing to replace in Okta',
    failed: 'Not replaced: what they set up in Okta',
    ask: 'replace it',
    notDone: 'a new secret, by somebody who stays. What uses the old one may fail, or still be known to the leaver.',
  },
};

export const INTEGRATION_QUESTIONS: readonly (readonly [string, QuestionWords])[] = [
  ['rotated', { asks: 'Was it replaced by somebody who stays?', yes: 'It is replaced…', no: '' }],
];

export const INTEGRATION_FORMS: readonly (readonly [string, Form])[] = [
  [
    'rotated',
    {
      title: 'Replaced',
      submit: 'It is replaced',
      fields: [
        {
          key: 'how',
          label: 'What was done, and what uses it now?',
          hint: 'Such as: new token by the service account, set in the HR sync. No secret in here.',
          isLong: true,
          most: 500,
        },
      ],
    },
  ],
];

const KINDS: Readonly<
  Record<IntegrationKind, { readonly one: string; readonly many: string; readonly needs: string }>
> = {
  api_token: {
    one: 'API token',
    many: 'API tokens',
    needs: 'It ends with the account: what uses it fails until it has a token of somebody who stays',
  },
  event_hook: {
    one: 'event hook',
    many: 'event hooks',
    needs: 'It goes on; who set it up knows its secret: set a new one',
  },
  api_service: {
    one: 'API service integration',
    many: 'API service integrations',
    needs: 'It goes on; who set it up may know its secret: make a new one, and delete the old',
  },
};

/** Why it is asked. */
export function integrationAskedOf({ step, facts }: Pick<StepView, 'step' | 'facts'>): readonly string[] {
  if (step !== OKTA_INTEGRATIONS) return [];
  const kind = KINDS[(wordIn(facts, 'kind') ?? '') as IntegrationKind];
  return kind ? [`An ${kind.one}. ${kind.needs}`] : [];
}

export function integrationBullets({ step, after }: Pick<StepView, 'step' | 'after'>): readonly string[] {
  const [how, by, at] = ['how', 'by', 'at'].map((key) => wordIn(after, key));
  if (step !== OKTA_INTEGRATIONS || !how || !by || !at) return [];
  return [`${operatorName(by)} says ${date(new Date(at), 'time')}: “${safeText(how, 500)}”`];
}

/** Of the plan: what ends, what goes on, and what Okta did not say. */
export function integrationLines({ integrations }: Pick<PlanView, 'integrations'>): readonly string[] {
  if (!integrations) return [];
  const names = (kind: IntegrationKind) =>
    integrations.found.filter((one) => one.kind === kind).map(({ name }) => name);
  const tokens = names('api_token');
  const lasting = (['event_hook', 'api_service'] as const).flatMap((kind) =>
    names(kind).length === 0 ? [] : [countAndList(names(kind), KINDS[kind].one, KINDS[kind].many)],
  );
  return [
    ...(tokens.length > 0
      ? [
          `:key:  *${count(tokens.length, 'API token')} ${tokens.length === 1 ? 'ends' : 'end'} with this account*: ${countAndList(tokens, 'API token').replace(/^[^:]*: /, '')}. What uses ${tokens.length === 1 ? 'it' : 'them'} fails; an operator is asked to replace each`,
        ]
      : []),
    ...(lasting.length > 0
      ? [
          `:electric_plug:  *Set up by them, and goes on*: ${lasting.join('; ')}. An operator is asked to give each a new secret`,
        ]
      : []),
    ...gapLine(integrations),
  ];
}

function gapLine({ gaps, haveTokensEnded }: IntegrationsView): readonly string[] {
  const what = gaps.map(({ kind, scope }) => `${KINDS[kind].many} (${safeText(scope, 60)})`);
  return [
    ...(haveTokensEnded
      ? [':key:  API tokens of the account have ended with its deactivation; Okta no longer lists which']
      : []),
    ...(what.length > 0 ? [`:grey_question:  Okta does not show whether they own ${what.join(', ')}`] : []),
  ];
}
