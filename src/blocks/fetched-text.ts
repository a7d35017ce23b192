// What is told of a device that is received, erased and put back: from the facts of its steps, and never more than they say.
import type { RunView, StepView } from '../workflow/model/run.ts';
import type { Facts } from '../workflow/model/step.ts';
import { factIn, list, namesIn, wordIn } from './amounts.ts';
import { type Names, operatorName } from './names.ts';
import { date } from './parts.ts';
import { safeText } from './safe-text.ts';

export const FETCHED_TOLD: readonly string[] = ['return.receive', 'jamf.erase', 'inventory.checkin'];

type Told = Pick<StepView, 'step' | 'subject' | 'after' | 'facts' | 'decisions'>;

export function fetchedBullets({ step, after }: Pick<StepView, 'step' | 'after'>): readonly string[] {
  switch (step) {
    case 'return.receive':
      return receiptBullets(after);
    case 'jamf.erase':
      return erasureBullets(after);
    default:
      return inventoryBullets(after);
  }
}

export function fetchedInShort({ step, after }: Pick<StepView, 'step' | 'after'>): string {
  if (step === 'jamf.erase') return factIn(after, 'adopted') === true ? 'was erased from Jamf' : 'confirmed by the Mac';
  if (step === 'return.receive')
    return wordIn(after, 'serial') === null ? '' : `serial number ${wordOf(after, 'serial')}`;
  const tag = wordOf(after, 'tag');
  return [tag, wordOf(after, 'status')].filter(Boolean).join(', ');
}

function receiptBullets(after: Facts | null): readonly string[] {
  const condition = wordOf(after, 'condition', 300);
  const serial = wordOf(after, 'serial');
  const compared =
    factIn(after, 'compared') === true
      ? 'the one that was confirmed'
      : 'none was confirmed before, so there was nothing to compare it with';
  return [
    ...(serial === '' ? [] : [`Serial number ${serial}: ${compared}`]),
    condition === '' ? 'No note on its condition' : `Condition: ${condition}`,
  ];
}

function erasureBullets(after: Facts | null): readonly string[] {
  const confirmed = wordIn(after, 'confirmedAt');
  return [
    ...(factIn(after, 'adopted') === true ? ['Somebody else asked Jamf for it; Sendoff sent nothing'] : []),
    ...(confirmed === null ? [] : [`Confirmed by the Mac ${date(new Date(confirmed))}`]),
  ];
}

function inventoryBullets(after: Facts | null): readonly string[] {
  const told = [
    ['Asset', 'tag'],
    ['Status', 'status'],
    ['Location', 'location'],
  ] as const;
  const holder = wordOf(after, 'holder');
  return [
    ...told.flatMap(([name, key]) => (wordOf(after, key) === '' ? [] : [`${name}: ${wordOf(after, key)}`])),
    holder === '' ? 'In nobody’s name' : `Still in the name of ${holder}`,
  ];
}

/** What whoever answers must know beside the question. */
export function fetchedAskedOf(
  { step, subject, after, facts, decisions }: Told,
  run: Pick<RunView, 'steps'>,
  names: Names = {},
): readonly string[] {
  switch (step) {
    case 'return.receive':
      return [...mismatch(after, facts, names)];
    case 'jamf.erase':
      return askedOfErasure(after, names);
    case 'inventory.checkin':
      return [...askedOfInventory(after), ...stillSo(decisions)];
    case 'jamf.lock':
      return isBack(run, subject)
        ? [
            'It was received: a Mac in your hands needs no lock, and a locked one cannot be erased before it is unlocked',
          ]
        : [];
    default:
      return [];
  }
}

function mismatch(after: Facts | null, facts: Facts, names: Names): readonly string[] {
  const typed = wordIn(after, 'typed');
  if (typed === null) return [];
  const by = wordIn(after, 'typedBy');
  const who = by === null ? '' : ` ${operatorName(by, names)}`;
  return [
    `*Not received:*${who} typed ${safeText(typed, 40)}, and this run is about ${wordOf(facts, 'serial')}. If it is another device, look for the right one; if it was mistyped, press Received… again`,
  ];
}

function askedOfErasure(after: Facts | null, names: Names): readonly string[] {
  const [at, by, assigned] = ['receivedAt', 'receivedBy', 'assignedTo'].map((key) => wordIn(after, key));
  return [
    ...(at
      ? [`Received ${date(new Date(at))}${by ? ` by ${operatorName(by, names)}, who does not answer this` : ''}`]
      : []),
    ...(at && factIn(after, 'compared') !== true ? ['*Its serial number was not compared with a confirmed one*'] : []),
    ...(assigned ? [`Jamf has it in the name of ${safeText(assigned, 60)}`] : []),
  ];
}

function askedOfInventory(after: Facts | null): readonly string[] {
  const tags = namesIn(after, 'tags') ?? [];
  return [
    ...(tags.length > 0 ? [`Assets with it: ${list(tags)}`] : []),
    ...(wordIn(after, 'missing') === null ? [] : [`Missing: ${wordOf(after, 'missing', 200)}`]),
    ...inventoryNow(after),
  ];
}

/** Asked and looked at before: else a second press would seem to do nothing. */
function stillSo(decisions: StepView['decisions']): readonly string[] {
  const last = decisions.findLast((one) => one.kind === 'answer');
  return last?.answer.approved === true && last.answer.question !== 'other_holder'
    ? [`Looked again ${date(last.at, 'time')}: it is still so`]
    : [];
}

function inventoryNow(after: Facts | null): readonly string[] {
  const tag = wordOf(after, 'tag');
  const holder = wordOf(after, 'holder');
  return tag === '' ? [] : [`Asset ${tag}${holder === '' ? '' : ` is in the name of ${holder}`}`];
}

function isBack({ steps }: Pick<RunView, 'steps'>, subject: string): boolean {
  return steps.some((one) => one.step === 'return.receive' && one.subject === subject && one.status === 'done');
}

/** Null: it waits for something else. */
export function fetchedWait({ step, after }: Pick<StepView, 'step' | 'after'>): string | null {
  if (step !== 'jamf.erase') return null;
  const late = factIn(after, 'late') === true;
  if (factIn(after, 'locked') === true)
    return `the Mac is locked and hears nothing${late ? ', *for over a day now*' : ''}: reveal the passcode, unlock it and let it check in. Nothing is sent before Jamf has heard of it, and then an approver is asked`;
  const sent = wordIn(after, 'sentAt');
  if (wordIn(after, 'command') === null) return null;
  const when =
    sent === null
      ? 'Jamf has an erasure for it that somebody else asked for'
      : `the erasure was sent ${date(new Date(sent))}`;
  return `${when}${late ? ', *which is over a day ago*' : ''}; the Mac has not confirmed it. It is not erased before it is on, online, and does`;
}

/** Erasures that wait for a Mac for over a day. */
export function isErasureLate({ step, status, after }: Pick<StepView, 'step' | 'status' | 'after'>): boolean {
  return step === 'jamf.erase' && status === 'waiting' && factIn(after, 'late') === true;
}

function wordOf(facts: Facts | null, key: string, most = 60): string {
  return safeText(wordIn(facts, key) ?? '', most);
}
