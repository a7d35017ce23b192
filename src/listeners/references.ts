// What our buttons and windows carry: opaque references, read back strictly. Null: a value that we never drew.
import { z } from 'zod';

const StepReference = z.object({ stepRun: z.uuid(), attempt: z.int().min(0) });
const ApprovalReference = z.object({ run: z.uuid(), version: z.int().min(1) });
const HoldReference = z.object({ run: z.uuid(), number: z.int().min(0) });
/** To the plan that was shown; everything else is looked up on our side. */
export const PlanReference = z.object({ plan: z.uuid() });
const StopReference = z.object({ stop: z.int().min(1), upTo: z.int().min(0) });
const BatchReference = z.object({ batch: z.uuid() });
const FindingReference = z.object({ finding: z.uuid() });
const AppReference = z.object({ stepRun: z.uuid() });
const RunReference = z.object({ run: z.uuid() });

export function readStepReference(value: string | undefined): z.infer<typeof StepReference> | null {
  return read(StepReference, value);
}

export function readAppReference(value: string | undefined): z.infer<typeof AppReference> | null {
  return read(AppReference, value);
}

export function readRunReference(value: string | undefined): z.infer<typeof RunReference> | null {
  return read(RunReference, value);
}

export function readFindingReference(value: string | undefined): z.infer<typeof FindingReference> | null {
  return read(FindingReference, value);
}

export function readApprovalReference(value: string | undefined): z.infer<typeof ApprovalReference> | null {
  return read(ApprovalReference, value);
}

export function readHoldReference(value: string | undefined): z.infer<typeof HoldReference> | null {
  return read(HoldReference, value);
}

export function readStopReference(value: string | undefined): z.infer<typeof StopReference> | null {
  return read(StopReference, value);
}

export function readBatchReference(value: string | undefined): z.infer<typeof BatchReference> | null {
  return read(BatchReference, value);
}

function read<T>(shape: z.ZodType<T>, value: string | undefined): T | null {
  try {
    return shape.parse(JSON.parse(value ?? ''));
  } catch {
    return null;
  }
}
