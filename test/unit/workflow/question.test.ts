// A step that asks: nothing is written before the answer, the next attempt reads it, and only whom the question names may give it.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createOperatorStore } from '../../../src/store/operators.ts';
import { operatorKey, type Role } from '../../../src/workflow/model/run.ts';
import type { Question, Step } from '../../../src/workflow/model/step.ts';
import type { StepDecision } from '../../../src/workflow/model/verdicts.ts';
import { freshDatabase, type TestDatabase } from '../../support/database.ts';
import {
  aStep,
  auditOf,
  type Engine,
  engineOn,
  MONDAY,
  movableClock,
  openTestRun,
  rowOf,
  type TestStep,
  taking,
  until,
} from '../../support/engine.ts';

const RACES = 25;
const ERASE: Question = { kind: 'approve', name: 'erase', by: 'approver', irreversible: true };
const DELEGATE: Question = { kind: 'choose_person', name: 'delegate', by: 'operator', suggested: 'UGRACE' };
const YES: StepDecision = { kind: 'answer', approved: true };
const NO: StepDecision = { kind: 'answer', approved: false };
const as = (userId: string, role: Role = 'approver') => ({ operator: { teamId: 'T1', userId }, role });

/** Asks before it writes; a no passes it over. */
function anAskingStep(question: Question): TestStep {
  const plain = aStep({ stage: 'device' });
  const asking: Step['observe'] = async (context) => {
    const answer = context.answer(question.name);
    if (answer === null) return { is: 'asks', facts: {}, need: { kind: 'question', question } };
    if (answer.kind === 'approve' && !answer.approved) return { is: 'not_applicable', facts: {}, why: 'declined' };
    const seen = await plain.observe(context);
    const person = answer.kind === 'choose_person' ? { delegate: answer.person } : {};
    return { ...seen, facts: { ...seen.facts, ...person } };
  };
  return { ...plain, observe: asking };
}

let database: TestDatabase;
const engines: Engine[] = [];

beforeEach(async () => {
  database = await freshDatabase();
});

afterEach(async () => {
  for (const engine of engines.splice(0)) await engine.close();
  await database.drop();
});

async function stoppedAt(question: Question, run: { slack?: string; person?: string } = {}) {
  const step = anAskingStep(question);
  const engine = await engineOn(database.url, { steps: [step], clock: movableClock() });
  engines.push(engine);
  const ids = { okta: '00uAda', slack: run.slack ?? 'UADA' };
  const personId = run.person ?? 'ada';
  const opened = await openTestRun(engine, [step], { run: { ids, personId }, take: taking('fake') });
  engine.runner.begin(opened.mine);
  await until(async () => (await rowOf(engine, opened.runId)).status === 'needs_human');
  const { id, attempt } = await rowOf(engine, opened.runId);
  return { step, engine, runId: opened.runId, asked: { stepRun: id, attempt } };
}

async function endedAs(engine: Engine, runId: string): Promise<string> {
  engine.runner.wake();
  await until(async () => /done|skipped/.test((await rowOf(engine, runId)).status));
  return (await rowOf(engine, runId)).status;
}

describe('a yes or no', () => {
  it('is waited for without a write; a yes lets the step do it, audited with who', async () => {
    const { step, engine, runId, asked } = await stoppedAt(ERASE);
    expect([step.fake.writes, (await rowOf(engine, runId)).need]).toEqual([[], { kind: 'question', question: ERASE }]);

    expect(await engine.store.decide(asked, YES, as('UONE'), MONDAY)).toEqual({ verdict: 'decided' });

    expect(await endedAs(engine, runId)).toBe('done');
    expect(step.fake.writesOf(runId)).toBe(1);
    expect((await auditOf(engine, runId)).find((one) => one.action === 'step.answered')).toMatchObject({
      actor: 'T1/UONE',
      detail: { answer: { question: 'erase', approved: true } },
    });
  });

  it('a no reaches the step too, which writes nothing', async () => {
    const { step, engine, runId, asked } = await stoppedAt(ERASE);

    await engine.store.decide(asked, NO, as('UONE'), MONDAY);

    expect(await endedAs(engine, runId)).toBe('skipped');
    expect(step.fake.writes).toEqual([]);
  });

  it('is never the leaver’s, nor an operator’s where it takes an approver', async () => {
    const { engine, asked, runId } = await stoppedAt(ERASE);

    expect(await engine.store.decide(asked, YES, as('UADA', 'admin'), MONDAY)).toEqual({ verdict: 'is_leaver' });
    expect(await engine.store.decide(asked, YES, as('UOPS', 'operator'), MONDAY)).toEqual({
      verdict: 'needs_approver',
    });
    const skip: StepDecision = { kind: 'skip', reason: 'because' };
    expect(await engine.store.decide(asked, skip, as('UADA', 'admin'), MONDAY)).toEqual({ verdict: 'is_leaver' });
    expect((await rowOf(engine, runId)).status).toBe('needs_human');
  });

  it('of a second approver is never of who started the run', async () => {
    const { engine, asked } = await stoppedAt({ ...ERASE, by: 'second_approver' });
    const operators = createOperatorStore(engine.db);
    for (const userId of ['ULIN', 'UONE']) await operators.add({ teamId: 'T1', userId }, 'admin', 'test');

    expect(await engine.store.decide(asked, YES, as('ULIN', 'admin'), MONDAY)).toEqual({ verdict: 'own_request' });
    expect(await engine.store.decide(asked, YES, as('UNOBODY', 'admin'), MONDAY)).toEqual({ verdict: 'not_operator' });
    expect(await engine.store.decide(asked, YES, as('UONE', 'admin'), MONDAY)).toEqual({ verdict: 'decided' });
  });

  it(`counts once, ${RACES} times; who was slower is told who and what`, async () => {
    for (let race = 0; race < RACES; race += 1) {
      const { engine, asked, runId } = await stoppedAt(ERASE, { person: `p${race}` });

      const answers = await Promise.all([
        engine.store.decide(asked, race % 2 ? YES : NO, as('UONE'), MONDAY),
        engine.store.decide(asked, race % 2 ? NO : YES, as('UTWO'), MONDAY),
      ]);

      const winner = answers[0].verdict === 'decided' ? 'T1/UONE' : 'T1/UTWO';
      expect(answers.filter((one) => one.verdict === 'decided')).toHaveLength(1);
      expect(answers.find((one) => one.verdict === 'stale')).toMatchObject({ what: 'answer', by: winner, at: MONDAY });
      await endedAs(engine, runId);
      await engines.pop()?.close();
    }
  }, 60_000);
});

describe('a chosen person', () => {
  it('is handed to the step’s next attempt, under the question’s name', async () => {
    const { engine, runId, asked } = await stoppedAt(DELEGATE);

    await engine.store.decide(asked, { kind: 'answer', person: 'UGRACE' }, as('UOPS', 'operator'), MONDAY);

    expect(await endedAs(engine, runId)).toBe('done');
    expect((await rowOf(engine, runId)).after).toMatchObject({ delegate: 'UGRACE' });
  });

  it('is never the leaver, and a yes is no person', async () => {
    const { engine, asked, runId } = await stoppedAt(DELEGATE);
    const chosen: StepDecision = { kind: 'answer', person: 'UADA' };

    expect(await engine.store.decide(asked, chosen, as('UONE'), MONDAY)).toEqual({ verdict: 'leaver_chosen' });
    expect(await engine.store.decide(asked, YES, as('UONE'), MONDAY)).toMatchObject({ verdict: 'stale' });
    expect(await engine.store.decide(asked, { kind: 'retry' }, as('UONE'), MONDAY)).toMatchObject({ verdict: 'stale' });
    expect((await rowOf(engine, runId)).status).toBe('needs_human');
  });

  it('counts no more once the step was opened again: it is asked anew', async () => {
    const { engine, runId, asked } = await stoppedAt(DELEGATE);
    await engine.store.decide(asked, { kind: 'answer', person: 'UGRACE' }, as('UONE'), MONDAY);
    await endedAs(engine, runId);
    const { id, attempt } = await rowOf(engine, runId);
    const later = new Date(MONDAY.getTime() + 60_000);
    // As a reopened step of a run that is still open.
    await engine.db.query(`UPDATE run SET status = 'open', closed_at = NULL WHERE id = $1`, [runId]);

    await engine.store.reopen(runId, [{ id, attempt, seen: {} }], operatorKey(as('UONE').operator), later);
    engine.runner.wake();

    await until(async () => (await rowOf(engine, runId)).status === 'needs_human');
    expect((await rowOf(engine, runId)).attempt).toBe(attempt + 1);
  });
});
