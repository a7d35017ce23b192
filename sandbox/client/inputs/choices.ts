// What a menu offers: its own options, the team's people or channels, or what the app answers to what is typed.
import { useEffect, useState } from 'react';
import { useSandbox } from '../store.ts';
import { type Element, type Option, useSurface } from '../surface.ts';
import { plain } from '../text.tsx';

export interface Choice {
  readonly key: string;
  readonly label: string;
  readonly detail: string;
  readonly group: string;
  /** As the simulated Slack takes it: an option, or an id. */
  readonly value: unknown;
}

/** Slack asks the app once nobody has typed for so long. */
const PAUSE_MS = 200;

export function useChoices(
  element: Element,
  query: string,
  isOpen: boolean,
): { choices: Choice[]; isLoading: boolean } {
  const people = useSandbox((state) => state.snap?.people);
  const channels = useSandbox((state) => state.snap?.channels);
  const { options, isLoading } = useSuggestions(element, query, isOpen);
  if (element.type.endsWith('external_select')) return { choices: options.map((one) => ofOption(one, '')), isLoading };
  const wanted = query.trim().toLowerCase();
  const all = choicesOf(element, people ?? [], channels ?? []);
  const choices = all.filter((one) => `${one.label} ${one.detail}`.toLowerCase().includes(wanted));
  return { choices: choices.slice(0, 100), isLoading: false };
}

function choicesOf(
  element: Element,
  people: readonly { id: string; name: string; handle: string; title: string; isBot: boolean; deleted: boolean }[],
  channels: readonly { id: string; name: string; kind: string }[],
): Choice[] {
  if (element.type.endsWith('users_select'))
    return people
      .filter((one) => !one.isBot && !one.deleted)
      .map((one) => ({ key: one.id, label: one.name, detail: one.title || one.handle, group: '', value: one.id }));
  if (element.type.endsWith('conversations_select') || element.type.endsWith('channels_select'))
    return channels
      .filter((one) => one.kind !== 'im')
      .map((one) => ({ key: one.id, label: `#${one.name}`, detail: '', group: '', value: one.id }));
  const groups = (element.option_groups as { label: unknown; options: Option[] }[] | undefined) ?? [];
  return [
    ...((element.options as Option[] | undefined) ?? []).map((one) => ofOption(one, '')),
    ...groups.flatMap((group) => group.options.map((one) => ofOption(one, plain(group.label)))),
  ];
}

export function ofOption(option: Option, group: string): Choice {
  return { key: option.value, label: plain(option.text), detail: plain(option.description), group, value: option };
}

function useSuggestions(
  element: Element,
  query: string,
  isOpen: boolean,
): { options: readonly Option[]; isLoading: boolean } {
  const surface = useSurface();
  const [options, setOptions] = useState<readonly Option[]>([]);
  const [isLoading, setLoading] = useState(false);
  const isExternal = element.type.endsWith('external_select');
  const least = typeof element.min_query_length === 'number' ? element.min_query_length : 3;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new surface is the same menu redrawn
  useEffect(() => {
    if (!isExternal || !isOpen) return;
    if (query.length < least) {
      setOptions([]);
      setLoading(false);
      return;
    }
    let isOver = false;
    setLoading(true);
    const timer = setTimeout(async () => {
      const found = await surface.suggest(element, query);
      if (isOver) return;
      setOptions(found);
      setLoading(false);
    }, PAUSE_MS);
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [isExternal, isOpen, query, least, element.action_id]);
  return { options, isLoading };
}
