// A view's elements: what is typed is kept until it is submitted, and stays where the app redraws the same input.
import { useEffect, useMemo, useRef, useState } from 'react';
import { act, problemText, say } from './connection.ts';
import type { Block, SeenView } from './shapes.ts';
import type { Element, Option, Surface } from './surface.ts';
import { isEmpty, keptIn } from './values.ts';

type Typed = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

export interface Form {
  readonly surface: Surface;
  /** Typed and chosen, by block id and action id, of inputs that are still there. */
  values(): Typed;
  /** Marks what Slack's client asks for first; true if nothing is missing. */
  isComplete(): boolean;
}

export function useForm(view: SeenView): Form {
  const [typed, setTyped] = useState<Typed>({});
  const [busy, setBusy] = useState<readonly string[]>([]);
  const [missing, setMissing] = useState<Readonly<Record<string, string>>>({});
  // A click right behind a keystroke sends what was just typed.
  const latest = useRef<Typed>({});
  const { id } = view;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another view begins empty
  useEffect(() => {
    latest.current = {};
    setTyped({});
    setMissing({});
  }, [id]);
  return useMemo(() => {
    const there = new Set(view.blocks.map((block) => String(block.block_id)));
    const values = (): Typed =>
      Object.fromEntries(Object.entries(latest.current).filter(([blockId]) => there.has(blockId)));
    const standing = (block: Block, element: Element): unknown => {
      const own = typed[String(block.block_id)];
      const action = String(element.action_id);
      return own && action in own ? own[action] : keptIn(view, block, element);
    };
    const surface: Surface = {
      kind: 'view',
      async act(block, element, value) {
        const action = String(element.action_id);
        setBusy((before) => [...before, action]);
        const answer = await act('click', {
          viewId: id,
          blockId: block.block_id,
          actionId: action,
          values: values(),
          ...(value === undefined ? {} : { value }),
        });
        setBusy((before) => before.filter((one) => one !== action));
        if (answer?.problem) say(problemText(answer.problem, 'That'));
      },
      isBusy: (element) => busy.includes(String(element.action_id)),
      valueOf: standing,
      type(block, element, value) {
        const blockId = String(block.block_id);
        const of = { ...latest.current[blockId], [String(element.action_id)]: value };
        latest.current = { ...latest.current, [blockId]: of };
        setTyped(latest.current);
        setMissing(({ [blockId]: _gone, ...rest }) => rest);
      },
      async suggest(element, query) {
        const answer = await act('suggest', { viewId: id, actionId: element.action_id, query });
        if (!answer || answer.problem) return [];
        const { options = [], option_groups: groups = [] } = JSON.parse(answer.body) as {
          options?: Option[];
          option_groups?: { options: Option[] }[];
        };
        return [...options, ...groups.flatMap((group) => group.options)];
      },
      errorOf: (block) => missing[String(block.block_id)] ?? view.errors[String(block.block_id)] ?? null,
    };
    const isComplete = (): boolean => {
      const found = missingIn(view, (block, element) => {
        const own = latest.current[String(block.block_id)];
        const action = String(element.action_id);
        return own && action in own ? own[action] : keptIn(view, block, element);
      });
      setMissing(found);
      return Object.keys(found).length === 0;
    };
    return { surface, values, isComplete };
  }, [view, id, typed, busy, missing]);
}

/** As Slack's client does, without asking the app. */
function missingIn(view: SeenView, standing: (block: Block, element: Element) => unknown): Record<string, string> {
  const found: Record<string, string> = {};
  for (const block of view.blocks) {
    if (block.type !== 'input') continue;
    const element = block.element as Element;
    const value = standing(block, element);
    const least = typeof element.min_length === 'number' ? element.min_length : 0;
    if (isEmpty(value)) {
      if (block.optional !== true) found[String(block.block_id)] = 'Please complete this required field.';
    } else if (typeof value === 'string' && value.length < least)
      found[String(block.block_id)] = `Please enter at least ${least} characters.`;
  }
  return found;
}
