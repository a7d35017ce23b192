// The only place where a step run's status changes. SQL reads a table generated from this; docs/states.md is drawn from it.

export type StepStatus = 'blocked' | 'ready' | 'running' | 'waiting' | 'needs_human' | 'done' | 'skipped' | 'cancelled';

export type StepEvent =
  | 'unblock'
  | 'claim'
  | 'satisfy'
  | 'pass'
  | 'wait'
  | 'wake'
  | 'ask'
  | 'lapse'
  | 'resume'
  | 'attest'
  | 'skip'
  | 'reopen'
  | 'stop'
  | 'cancel';

/** What each event makes of a step run in each status; an event that is not listed is refused (SQL trigger `only_known_moves`). */
export const TRANSITIONS = {
  blocked: { unblock: 'ready', attest: 'done', skip: 'skipped', cancel: 'cancelled' },
  ready: { claim: 'running', attest: 'done', skip: 'skipped', cancel: 'cancelled' },
  running: {
    satisfy: 'done',
    pass: 'skipped',
    wait: 'waiting',
    ask: 'needs_human',
    lapse: 'ready',
    attest: 'done',
    stop: 'cancelled',
  },
  waiting: { wake: 'ready', ask: 'needs_human', attest: 'done', skip: 'skipped', cancel: 'cancelled' },
  needs_human: { resume: 'ready', attest: 'done', skip: 'skipped', cancel: 'cancelled' },
  done: { reopen: 'ready' },
  skipped: { reopen: 'ready' },
  cancelled: {},
} as const satisfies Record<StepStatus, Partial<Record<StepEvent, StepStatus>>>;

/** Each event in a sentence, for docs/states.md. */
export const EVENT_MEANINGS: Readonly<Record<StepEvent, string>> = {
  unblock: 'all its needs are met',
  claim: 'a worker takes it; attempt + 1 is the fence',
  satisfy: 'what must be true was seen to be true, or a receipt says so, or the door is gone',
  pass: 'it does not apply to what was found',
  wait: 'the vendor is working, or a back-off, settling or pause runs',
  wake: 'its due moment has come',
  ask: 'a person must decide',
  lapse: 'its worker is gone (killed or frozen)',
  resume: 'a person pressed Retry, approved or answered',
  attest: 'a person says it is done, with evidence; what the vendor says was looked at first',
  skip: 'a person skips it, with a reason; or nothing can start it any more',
  reopen: 'what was closed is open again',
  stop: 'its run was cancelled while it ran',
  cancel: 'its run was cancelled',
};

/** Ended: nothing moves it but `reopen`. */
export function hasEnded(status: StepStatus): boolean {
  return status === 'done' || status === 'skipped' || status === 'cancelled';
}
