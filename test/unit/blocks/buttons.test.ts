// What a button is called for those who hear it or speak to it. Every other screen's test holds its buttons to the same rule.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildOwnerTask } from '../../../src/blocks/owner-task.ts';
import { button } from '../../../src/blocks/parts.ts';
import { aRun, aStep, expectGoodMessage, text } from './screens.ts';

describe('a button', () => {
  it('is heard as what stands on it, then whom it is about, in 75 characters, whatever they hold', () => {
    fc.assert(
      fc.property(text, text, (label, about) => {
        const { text: shown, accessibility_label: heard } = button({ actionId: 'step_retry', label, about });

        expect(heard?.startsWith(shown.text)).toBe(true);
        expect(heard?.length).toBeLessThanOrEqual(75);
      }),
      { numRuns: 500 },
    );
  });

  it('has only its visible words where nothing more is to be told', () => {
    expect(button({ actionId: 'home_operators', label: 'Manage operators' })).not.toHaveProperty('accessibility_label');
  });
});

describe('the buttons of an app owner', () => {
  it('each name the app, since several stand below one another', () => {
    const asked = { asked: ['U0GRACE'], who: 'U0GRACE', dueAt: '2026-03-04T09:00:00Z' };
    const step = aStep('app.owner', { subject: 'crm', facts: { name: 'CRM' }, status: 'waiting', after: asked });

    const task = buildOwnerTask(aRun({ steps: [step] }), 'U0GRACE');

    expectGoodMessage(task);
    const shown = task.blocks.flatMap((block) => (block.type === 'actions' ? block.elements : []));
    expect(shown.map((one) => 'accessibility_label' in one && one.accessibility_label)).toEqual([
      'Access removed…: CRM for Dana Whitfield',
      'Never had access: CRM for Dana Whitfield',
      'I need help…: CRM for Dana Whitfield',
    ]);
  });
});
