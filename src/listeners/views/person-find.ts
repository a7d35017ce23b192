// The submit of "Who is leaving?" and "Whose device?": commits the chosen login as if the command had been typed, and acks; the plan follows in this window.
import type { AllMiddlewareArgs, SlackViewMiddlewareArgs } from '@slack/bolt';
import { z } from 'zod';
import { BLOCKS, INPUTS } from '../../blocks/ids.ts';
import { KIND_WORDS } from '../../blocks/kind-text.ts';
import { buildLoadingModal } from '../../blocks/modal-loading.ts';
import { buildRefusalModal } from '../../blocks/modal-refusal.ts';
import { operatorKey } from '../../workflow/model/run.ts';
import { operatorOf } from '../authorize-operator.ts';
import { COMMAND_KINDS } from '../commands/person-command.ts';
import { commitInbound, type DoorDeps } from '../door.ts';

/** As we offered it; what was made up is looked up like anything typed, and found or not. */
const Login = z.string().min(1).max(150);

export function personFind(deps: DoorDeps, run: keyof typeof COMMAND_KINDS) {
  return async ({ view, ack, context }: SlackViewMiddlewareArgs & AllMiddlewareArgs): Promise<void> => {
    const show = (modal: ReturnType<typeof buildLoadingModal>) =>
      ack({ response_action: 'update', view: modal } as never);
    const chosen = Login.safeParse(view.state.values[BLOCKS.person]?.[INPUTS.personSearch]?.selected_option?.value);
    if (!chosen.success) {
      const reference = deps.reference();
      deps.log.warn({ reference }, 'a search for a person was submitted without one');
      return show(buildRefusalModal({ why: 'unexpected', reference }));
    }
    const email = chosen.data;
    try {
      const inbound = await commitInbound(deps, {
        source: 'slack',
        key: `find:${view.id}:${view.hash}`,
        kind: COMMAND_KINDS[run],
        actor: operatorKey(operatorOf(context)),
        payload: { command: KIND_WORDS[run].title, email, viewId: view.id },
        announce: true,
        handled: false,
      });
      await show(buildLoadingModal({ email, kind: run }));
      if (inbound) deps.intake.begin(inbound);
    } catch (error) {
      const reference = deps.reference();
      deps.log.error({ err: error, reference }, 'a chosen person could not be committed');
      await show(buildRefusalModal({ why: 'database_down', reference }));
    }
  };
}
