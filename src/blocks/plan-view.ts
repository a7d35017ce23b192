export type { PlanView, PlanWarning, Refusal } from '../workflow/model/plan.ts';
