// How long a property may look for its smallest counterexample: without an end, one that fails seems to hang.
import fc from 'fast-check';

fc.configureGlobal({ interruptAfterTimeLimit: 15_000 });
