// The policy's section on the nightly sweep. Pure. No run pins it: the sweep belongs to no run.
import { z } from 'zod';

export const SweepPolicy = z.strictObject(
  {
    hour: z
      .int('is not a whole hour: write 3')
      .min(0, 'is no hour of the day: write 0 to 23')
      .max(23, 'is no hour of the day: write 0 to 23')
      .default(3),
    inactiveDays: z
      .int('is not a whole number of days: write 90')
      .min(1, 'is less than a day: write 90')
      .max(365, 'is more than a year: write 90')
      .default(90),
    waitingDays: z
      .int('is not a whole number of days: write 3')
      .min(1, 'is less than a day: write 3')
      .max(60, 'is more than 60 days: write 3')
      .default(3),
  },
  'is not a section: write hour, inactiveDays and waitingDays below it, each indented by two blanks',
);
export type SweepPolicy = z.infer<typeof SweepPolicy>;
