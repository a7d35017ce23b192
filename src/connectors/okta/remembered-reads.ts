// Within one preview the same question is asked once: six lines of a plan all want the user. Nowhere else is anything remembered.
import { AsyncLocalStorage } from 'node:async_hooks';

const scope = new AsyncLocalStorage<Map<string, Promise<unknown>>>();

/** What `look` reads of one subject is read once. It may not write: what it saw would no longer be so. */
export function rememberReads<T>(look: () => Promise<T>): Promise<T> {
  return scope.run(new Map(), look);
}

/** `subject` empty: the question is more than its name, so it is asked. */
export function readOnce<T>(operation: string, subject: string, read: () => Promise<T>): Promise<T> {
  const remembered = scope.getStore();
  if (!remembered || subject === '') return read();
  const key = `${operation} ${subject}`;
  const known = remembered.get(key) as Promise<T> | undefined;
  if (known) return known;
  const reading = read();
  remembered.set(key, reading);
  return reading;
}

export function isRemembering(): boolean {
  return scope.getStore() !== undefined;
}
