// The demo's runs that begin by themselves, as processes: each ends with 0 only where every check of the judge holds.
import { describe, it } from 'vitest';
import { DEMO_MS, expectDemoHolds } from '../../support/demo.ts';

describe('the demo', { timeout: DEMO_MS + 20_000 }, () => {
  it.each(['hris', 'hook', 'scheduled'])('plays %s, and every check holds', expectDemoHolds);
});
