// The peer, a process of its own: the table of minimal calls as a workflow of DBOS Transact on the same PostgreSQL, each call a
// durable step, through the same connectors as the app's and the control's. Usage: node bench/peer/main.mjs --follow-stdin
import { DBOS } from '@dbos-inc/dbos-sdk';
import { connectPorts, serveRuns } from '../control.ts';
import { MINIMAL_STEPS } from '../minimal-calls.ts';
import { walk } from '../walk.ts';

const ports = connectPorts(process.env);
const database = new URL(process.env.DATABASE_URL ?? '');
database.pathname += '_peer';

async function offboard(leaver) {
  await walk(MINIMAL_STEPS, ports, leaver, (name, send) => DBOS.runStep(async () => void (await send()), { name }));
}
const workflow = DBOS.registerWorkflow(offboard, { name: 'offboard' });

DBOS.setConfig({ name: 'bench-peer', systemDatabaseUrl: database.href, logLevel: 'error', runAdminServer: false });
const { write } = process.stdout;
process.stdout.write = process.stderr.write.bind(process.stderr); // our one line on standard output announces us
await DBOS.launch();
process.stdout.write = write;
await serveRuns(async (leaver) => {
  const handle = await DBOS.startWorkflow(workflow)(leaver);
  await handle.getResult();
});
