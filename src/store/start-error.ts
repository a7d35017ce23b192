// The one error of a database that cannot be used at start: a sentence for the person who starts Sendoff, no stack wanted.

/** What happened, what is safe and what to do next, in one message. The app prints it and does not start. */
export class StartError extends Error {
  override readonly name = 'StartError';
  readonly code = 'database_start';
}
