// One case of the order's matrix: a process killed at one point of a paid order, and how many boxes Retriever then has to send.
import { type CutPoint, cut } from './cut.ts';
import { letDaysPass } from './days.ts';
import { machine } from './lanes.ts';
import { openScene, type Scene } from './scene.ts';

export interface OrderCase {
  readonly email: string;
  readonly point: CutPoint;
  readonly workers: 1 | 2;
  readonly root?: string;
}

export interface OrderResult {
  readonly paid: number;
  readonly status: string | null;
  /** The question's name, where a person is asked. */
  readonly asks: string | null;
}

const ORDER = {
  step: 'return.ship',
  effect: 'retriever.order_return',
  operation: 'retriever.createDeviceReturn',
};
const END_MS = 75_000;

export async function runOrderCase(one: OrderCase): Promise<OrderResult> {
  const scene = await machine(async () => {
    const opened = await openScene(one.root, { hasBoxes: true });
    await opened.start('first');
    if (one.workers === 2) await opened.start('second');
    return opened;
  });
  try {
    const { retriever } = scene;
    if (!retriever) throw new Error('this company sends no boxes');
    await cut(scene, { ...one, write: ORDER, vendor: retriever });
    const isOver = async (): Promise<boolean> => ['done', 'needs_human'].includes(String((await rowOf(scene))?.status));
    await letDaysPass(scene, isOver, { timeoutMs: END_MS });
    const row = await rowOf(scene);
    const { billed } = await retriever.state<{ billed: number }>();
    return { paid: billed, status: row?.status ?? null, asks: row?.asks ?? null };
  } finally {
    await scene.close();
  }
}

async function rowOf(scene: Scene): Promise<{ status: string; asks: string | null } | undefined> {
  const { rows } = await scene.db.query<{ status: string; asks: string | null }>(
    `SELECT status, need->'question'->>'name' AS asks FROM step_run WHERE step = $1`,
    [ORDER.step],
  );
  return rows[0];
}
