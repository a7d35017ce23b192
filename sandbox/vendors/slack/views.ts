// views.*: opening, pushing and changing modals, publishing Home tabs; and blocks.validate, which judges without showing.
// @see https://docs.slack.dev/reference/methods/views.open and its neighbours, read 2026-11
import type { ApiMethod } from './api.ts';
import type { Args } from './args.ts';
import { lintBlocks, lintMessage, lintView } from './block-kit-lint.ts';
import { isRecord } from './block-kit-schema.ts';
import { invalidArguments, Refusal, refuseProblems } from './refusal.ts';
import { readView, replaceContent, showHome, showModal, showView, takeTrigger } from './view-store.ts';
import type { Json, View, Workspace } from './workspace.ts';

export const viewMethods: readonly ApiMethod[] = [
  {
    name: 'views.open',
    scope: null,
    write: true,
    args: ['trigger_id', 'view'],
    handle: (workspace, args) => show(workspace, args, 'open'),
  },
  {
    name: 'views.push',
    scope: null,
    write: true,
    args: ['trigger_id', 'view'],
    handle: (workspace, args) => show(workspace, args, 'push'),
  },
  { name: 'views.update', scope: null, write: true, args: ['view_id', 'external_id', 'view', 'hash'], handle: update },
  { name: 'views.publish', scope: null, write: true, args: ['user_id', 'view', 'hash'], handle: publish },
  { name: 'blocks.validate', scope: null, write: false, args: ['blocks', 'view', 'message'], handle: validate },
];

function show(workspace: Workspace, args: Args, how: 'open' | 'push'): Json {
  const trigger = args.need('trigger_id');
  // Slack looks at the view first: a bad view does not use the trigger up.
  const content = readView(viewArg(args), 'modal');
  return { view: showView(showModal(workspace, takeTrigger(workspace, trigger), content, how)) };
}

function update(workspace: Workspace, args: Args): Json {
  const [id, externalId] = [args.text('view_id'), args.text('external_id')];
  if (id === undefined && externalId === undefined) throw invalidArguments('missing required field: view_id');
  const view = [...workspace.views.values()].find(
    (one) => one.open && (id === undefined ? one.content.external_id === externalId : one.id === id),
  );
  if (!view) throw new Refusal('not_found');
  refuseOldHash(view, args);
  const content = readView(viewArg(args), view.type);
  return { view: showView(replaceContent(workspace, view, content)) };
}

function publish(workspace: Workspace, args: Args): Json {
  const user = workspace.users.get(args.need('user_id'));
  if (!user || user.deleted || user.isBot) throw invalidArguments('invalid `user_id`');
  if (!workspace.manifest.homeTab) throw new Refusal('not_enabled');
  const current = workspace.views.get(workspace.homes.get(user.id) ?? '');
  if (current) refuseOldHash(current, args);
  return { view: showView(showHome(workspace, user.id, readView(viewArg(args), 'home'))) };
}

function validate(_workspace: Workspace, args: Args): Json {
  const given = ['blocks', 'view', 'message'].filter((name) => args.has(name));
  if (given.length !== 1) throw invalidArguments('Provide exactly one of `blocks`, `view`, or `message`');
  if (args.has('blocks'))
    refuseProblems('invalid_blocks', lintBlocks(args.json('blocks', 'invalid_arguments'), 'message', ''));
  if (args.has('view')) refuseProblems('invalid_view', lintView(args.json('view', 'invalid_arguments')));
  if (args.has('message')) {
    const message = args.json('message', 'invalid_arguments');
    refuseProblems(
      'invalid_message',
      isRecord(message)
        ? lintMessage(message)
        : [{ severity: 'error', pointer: '', message: 'must provide an object' }],
    );
  }
  return {};
}

function viewArg(args: Args): unknown {
  if (!args.has('view')) throw invalidArguments('missing required field: view');
  return args.json('view', 'invalid_arguments');
}

function refuseOldHash(view: View, args: Args): void {
  const hash = args.text('hash');
  if (hash !== undefined && hash !== view.hash) throw new Refusal('hash_conflict');
}
