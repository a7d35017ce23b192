// The only wiring: settings and a clock in, a running Sendoff out.
import { randomBytes } from 'node:crypto';
import { createIntake } from '../listeners/intake.ts';
import { createSlackPace, type SlackPace } from '../reporters/slack-pace.ts';
import { connectDatabase } from '../store/client.ts';
import { createFigureStore } from '../store/figures.ts';
import type { Inbound } from '../store/inbound.ts';
import { joinInstances } from '../store/instance.ts';
import { createOperatorStore } from '../store/operators.ts';
import { createRunStore } from '../store/runs.ts';
import { createBoxAddresses } from '../workflow/box-address.ts';
import { createFindPeople } from '../workflow/find-people.ts';
import { shortOfApprovers } from '../workflow/model/approvers.ts';
import type { Clock } from '../workflow/model/ports.ts';
import { createPacer } from '../workflow/pace.ts';
import { createRunner } from '../workflow/runner.ts';
import { undoSteps } from '../workflow/steps/undo-catalogue.ts';
import { createWorkflow } from '../workflow/workflow.ts';
import type { Config } from './config.ts';
import { connectToSlack, connectVendors, PACES } from './connect.ts';
import { openDatabase } from './database.ts';
import { preflightChecks } from './doctor.ts';
import { createDoors } from './doors.ts';
import { serveHttp } from './http.ts';
import type { Log } from './log.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { createNightly } from './nightly.ts';
import { createParcelEvents } from './parcel-events.ts';
import { readPolicy } from './policy.ts';
import { returnDeps } from './returns.ts';
import { startSchedule } from './schedule.ts';
import { createSlackApp } from './slack-app.ts';
import { checkSlack } from './slack-check.ts';
import { createSlackDoors } from './slack-doors.ts';
import { connectSteps, stepsOfGoneVendors } from './steps.ts';
import { openStores } from './stores.ts';
import { createVoices } from './voices.ts';

export interface App {
  /** Root of the HTTP server: health, metrics and, without Socket Mode, `/slack/events`. */
  readonly url: string;
  /** Where Slack's requests go. */
  readonly eventsUrl: string;
  /** The Clock was moved: look at what is due. */
  wake(): void;
  /** As the schedule does: once a day, whichever process is first. */
  preflight(): Promise<void>;
  /** As the schedule does, whatever the hour: once a night. */
  sweep(): Promise<void>;
  /** As the schedule does, whoever polled last. */
  poll(vendor: 'bamboohr' | 'okta'): Promise<void>;
  stop(): Promise<void>;
}

export async function startApp(options: {
  config: Config;
  clock: Clock;
  log: Log;
  slackPace?: SlackPace;
  /** Between two writes to one ticket; as Jira's published limit wants it if absent. */
  betweenTicketWritesMs?: number;
  metrics?: Metrics;
  /** false: polls, preflight and upkeep run when they are asked for only, since the calendar goes by real time, whatever the Clock says. */
  calendar?: boolean;
}): Promise<App> {
  const { config, clock, log, slackPace = createSlackPace(), metrics = createMetrics(), calendar = true } = options;
  const pinned = readPolicy(config.policyFile);
  const slack = connectToSlack(config, metrics.onCall);
  const channelId = config.slack.channelId;
  // Both before anything is served: where nobody can be told, nothing may be started.
  const [database, identity] = await Promise.all([openDatabase(config), checkSlack(slack, channelId)]);
  const stops: (() => Promise<void> | void)[] = [() => database.stop()];
  try {
    const db = connectDatabase(database.url, (error) => log.warn({ err: error }, 'a database connection broke'));
    stops.push(() => db.close());
    metrics.watch(createFigureStore(db), () => clock.now());
    const reference = () => `req-${randomBytes(3).toString('hex').toUpperCase()}`;

    const operators = createOperatorStore(db);
    await operators.addFirst(config.admins);
    for (const short of shortOfApprovers(pinned.policy, await operators.list()))
      log.warn({ says: short.says, fix: short.fix }, 'the policy asks for more approvals than anybody could give');

    let isBusy = (): boolean => true;
    let wakeAll = (): void => undefined;
    const instance = await joinInstances({
      url: database.url,
      onWake: () => wakeAll(),
      onError: (error) => log.warn({ err: error }, 'the instance’s connection broke'),
      isBusy: () => isBusy(),
    });
    stops.push(() => instance.close());

    const stores = openStores(db, instance, config);
    const { engine, secrets, inbound, reports, undone } = stores;
    const pacer = createPacer(
      (vendor, calls, intervalMs, burst) => engine.reservePace(vendor, calls, intervalMs, burst),
      PACES,
    );
    const vendors = connectVendors(config, { pace: pacer, onCall: metrics.onCall, clock });
    const { okta, bamboohr, google, jamf } = vendors;
    const returns = returnDeps(db, slack, vendors);
    const steps = connectSteps({ config, db, slack, vendors, returns, secrets, readRun: (id) => runs.view(id) });
    const takingBack = undoSteps({ okta, slack, google, jamf, handover: stores.handover, undone });
    const runs = createRunStore(
      db,
      [...takingBack, ...steps].map((step) => step.name),
    );
    const voices = await createVoices({
      ...{ config, slack, vendors, stores, runs, operators, pacer, slackPace, clock, log },
      betweenTicketWritesMs: options.betweenTicketWritesMs,
    });
    stops.push(() => voices.stop());

    const runner = createRunner({
      store: engine,
      steps: [...steps, ...takingBack, ...stepsOfGoneVendors(vendors)],
      clock,
      lease: instance,
      secrets,
      pace: pacer,
      log,
      onChange: voices.draw,
      onAttempt: metrics.onAttempt,
      onOrphans: () => intake.adopt(),
      notify: () => instance.notify(),
    });
    isBusy = () => runner.isBusy() || voices.isBusy() || intake.isBusy() || doors.doorkeeper.isBusy();
    wakeAll = () => {
      runner.wake();
      doors.doorkeeper.wake();
      voices.draw();
    };
    const workflowDeps = {
      ...{ okta, bamboohr, google, jamf, slack, operators, steps, undone, secrets, runs, runner },
      ...{ clock, log, reference, channelId, teamId: identity.teamId, policy: pinned },
      deviceRuns: stores.deviceRuns,
      reveals: stores.reveals,
      starts: stores.starts,
      breaker: stores.breaker,
      batches: stores.batches,
      appOwners: stores.appOwners,
      store: engine,
      undoSteps: [...takingBack, ...steps.filter((step) => step.name === 'jira.ticket')],
      notify: () => instance.notify(),
      onChange: voices.draw,
    };
    const workflow = createWorkflow(workflowDeps);
    const threadUrl = async (runId: string): Promise<string | null> => {
      const ts = await reports.threadTs(runId);
      return ts === null ? null : slack.getPermalink(channelId, ts);
    };
    const told = { begin: (delivery: Inbound) => intake.begin(delivery), onTold: () => voices.wakeChannel() };
    const nightly = createNightly({
      ...{ okta, bamboohr, google, clock, log, inbound, threadUrl, ...told },
      checks: preflightChecks(config, database.url),
      policy: pinned,
      rows: stores.sweepRows,
    });
    const doors = createDoors({
      ...workflowDeps,
      ...{ config, metrics, inbound, ...told },
      knocks: stores.knocks,
      changed: () => {
        instance.notify();
        runner.wake();
        voices.draw();
      },
    });
    stops.push(() => doors.doorkeeper.stop());
    const parcelEvents = createParcelEvents({
      ...{ inbound, clock, metrics, log, begin: told.begin },
      easypost: config.easypost,
      onParcelNews: async ({ code }) => {
        if ((await returns.rows.wakeParcels(code, clock.now())) === 0) return 'unknown_parcel';
        instance.notify();
        runner.wake();
        return 'woken';
      },
    });
    const boxAddresses = createBoxAddresses({ workflow, secrets, bamboohr, recordOf: returns.rows.recordOf, log });
    const intake = createIntake({
      ...{ workflow, boxAddresses, inbound, slack, channelId, clock, log, reference, threadUrl },
      others: { ...doors.handlers, ...parcelEvents.handlers, ...nightly.handlers },
    });
    stops.push(() => intake.stop());
    stops.push(() => runner.stop());

    const slackDoors = createSlackDoors({ slack: config.slack, log, onSocket: metrics.onSocket });
    createSlackApp({
      ...{ config, slack, slackDoors, identity, workflow, boxAddresses, inbound, runs, operators, intake, clock, log },
      findPeople: createFindPeople({ okta, operators }),
      sweepRows: stores.sweepRows,
      reference,
      onHomeOpened: (viewer) => reports.homeOpened(viewer).then(() => voices.wakeChannel()),
      onAnnounced: () => voices.wakeChannel(),
    });

    const isReady = async (): Promise<boolean> =>
      slackDoors.isOpen() && (await db.query<{ one: number }>('SELECT 1 AS one', [])).length === 1;
    const webhooks = { ...doors.webhooks, ...parcelEvents.webhooks };
    const http = await serveHttp({ port: config.port, receiver: slackDoors.http, webhooks, metrics, isReady });
    stops.push(() => http.stop());
    await slackDoors.open();
    stops.push(() => slackDoors.close());
    const { polls } = doors;
    const upkeep = { inbound, audit: stores.audit };
    if (calendar)
      stops.push(startSchedule({ ...upkeep, preflight: nightly.preflight, sweep: nightly.sweep, polls, clock, log }));

    runner.start();
    doors.doorkeeper.wake();
    intake.adopt();
    voices.draw();
    log.info(
      {
        port: http.port,
        instance: instance.num,
        policy: pinned.file ?? 'built-in',
        policyHash: pinned.hash,
        operators: (await operators.list()).length,
      },
      'Sendoff is running',
    );
    const url = `http://127.0.0.1:${http.port}`;
    return {
      url,
      eventsUrl: `${url}/slack/events`,
      wake: wakeAll,
      preflight: nightly.preflight,
      sweep: () => nightly.sweep({ now: true }),
      poll: (vendor) => polls[vendor]({ now: true }),
      stop: () => stopAll(stops),
    };
  } catch (error) {
    await stopAll(stops);
    throw error;
  }
}

/** In reverse: doors first, the database last. */
async function stopAll(stops: readonly (() => Promise<void> | void)[]): Promise<void> {
  for (const stop of [...stops].reverse()) await stop();
}
