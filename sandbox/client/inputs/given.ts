// What every kind of input is given.
import type { Element } from '../surface.ts';

export interface Given {
  readonly element: Element;
  /** Read out where no label stands beside it. */
  readonly label: string;
  readonly value: unknown;
  onChange(value: unknown): void;
  readonly id?: string;
  readonly isInvalid?: boolean;
  readonly describedBy?: string;
  onEnter?(value: unknown): void;
}
