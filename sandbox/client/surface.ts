// Where a block stands: on a message or in a view. Tells its elements whom to act on, and what is typed there.
import { createContext, useContext } from 'react';
import type { Block } from './shapes.ts';

/** An interactive element of Block Kit. */
export interface Element {
  readonly type: string;
  readonly action_id?: string;
  readonly [field: string]: unknown;
}

export interface Option {
  readonly text: unknown;
  readonly value: string;
  readonly description?: unknown;
}

export interface Surface {
  readonly kind: 'message' | 'view';
  /** Tells the app at once. `value` as in sandbox/vendors/slack/elements.ts: text, list, option, or absent for a button. */
  act(block: Block, element: Element, value?: unknown): Promise<void>;
  /** True while the app has not answered that element yet. */
  isBusy(element: Element): boolean;
  /** What stands in it now. */
  valueOf(block: Block, element: Element): unknown;
  /** Types into an input; on a message nothing is kept. */
  type(block: Block, element: Element, value: unknown): void;
  /** Options of an external menu. */
  suggest(element: Element, query: string): Promise<readonly Option[]>;
  /** What is wrong with an input. */
  errorOf(block: Block): string | null;
}

export const SurfaceContext = createContext<Surface | null>(null);

export function useSurface(): Surface {
  const surface = useContext(SurfaceContext);
  if (!surface) throw new Error('an element stands nowhere');
  return surface;
}
