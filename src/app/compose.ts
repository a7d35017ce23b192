// The only wiring: settings and a clock in, a running Sendoff out.
import { randomBytes } from 'node:crypto';
import { App as BoltApp, LogLevel } from '@slack/bolt';
import { stepWords } from '../blocks/wording.ts';
import type { Slack } from '../connectors/slack/client.ts';
import { createIntake } from '../listeners/intake.ts';
import { registerListeners } from '../listeners/register.ts';
import { createAbsentJira, JIRA_ABSENT } from '../reporters/jira-absent.ts';
import { BETWEEN_WRITES_MS } from '../reporters/jira-pace.ts';
import { createJiraReporter } from '../reporters/jira-ticket.ts';
import { createOperatorNames } from '../reporters/operator-names.ts';
import { createSlackHome } from '../reporters/slack-home.ts';
import { createSlackPace, type SlackPace } from '../reporters/slack-pace.ts';
import { createSlackReporter } from '../reporters/slack-thread.ts';
import { createAuditStore } from '../store/audit.ts';
import { connectDatabase } from '../store/client.ts';
import { createDeviceRunStore } from '../store/device-runs.ts';
import { createFetchedStore } from '../store/fetched.ts';
import { createFigureStore } from '../store/figures.ts';
import { createHandoverStore } from '../store/handover.ts';
import { createHistoryStore } from '../store/history.ts';
import { createInboundStore } from '../store/inbound.ts';
import { joinInstances, LEASE_MS } from '../store/instance.ts';
import { createOperatorStore } from '../store/operators.ts';
import { createReportStore } from '../store/reports.ts';
import { createRevealStore } from '../store/reveals.ts';
import { createRunStore } from '../store/runs.ts';
import { createSecretStore } from '../store/secrets.ts';
import { createEngineStore } from '../store/steps.ts';
import { CALL_DEADLINE_MS } from '../workflow/attempt-state.ts';
import { createBoxAddresses } from '../workflow/box-address.ts';
import { createFindPeople } from '../workflow/find-people.ts';
import type { Clock } from '../workflow/model/ports.ts';
import { createPacer } from '../workflow/pace.ts';
import { createRunner } from '../workflow/runner.ts';
import { leftoverSteps, offboardingSteps } from '../workflow/steps/catalogue.ts';
import { createWorkflow } from '../workflow/workflow.ts';
import type { Config } from './config.ts';
import { connectToSlack, connectVendors, PACES } from './connect.ts';
import { openDatabase } from './database.ts';
import { preflightChecks } from './doctor.ts';
import { serveHttp } from './http.ts';
import type { Log } from './log.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { createParcelEvents } from './parcel-events.ts';
import { readPolicy } from './policy.ts';
import { createPreflight, PREFLIGHT } from './preflight.ts';
import { returnDeps } from './returns.ts';
import { startSchedule } from './schedule.ts';
import { checkSlack } from './slack-check.ts';
import { createSlackDoors } from './slack-doors.ts';

export interface App {
  /** Root of the HTTP server: health, metrics and, without Socket Mode, `/slack/events`. */
  readonly url: string;
  /** Where Slack's requests go. */
  readonly eventsUrl: string;
  /** The Clock was moved: look at what is due. */
  wake(): void;
  /** As the schedule does: once a day, whichever process is first. */
  preflight(): Promise<void>;
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
}): Promise<App> {
  const { config, clock, log, slackPace = createSlackPace(), metrics = createMetrics() } = options;
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

    let isBusy = (): boolean => true;
    let wakeAll = (): void => undefined;
    const instance = await joinInstances({
      url: database.url,
      onWake: () => wakeAll(),
      onError: (error) => log.warn({ err: error }, 'the instance’s connection broke'),
      isBusy: () => isBusy(),
    });
    stops.push(() => instance.close());

    const engine = createEngineStore(db, instance, { leaseMs: LEASE_MS, callDeadlineMs: CALL_DEADLINE_MS });
    const pacer = createPacer(
      (vendor, calls, intervalMs, burst) => engine.reservePace(vendor, calls, intervalMs, burst),
      PACES,
    );
    const { okta, jira, bamboohr, google, jamf, snipeit, ...others } = connectVendors(config, {
      pace: pacer,
      onCall: metrics.onCall,
      clock,
    });
    const returns = returnDeps(db, slack, { ...others, bamboohr });
    const steps = offboardingSteps({
      okta,
      google,
      jamf,
      returns,
      snipeit,
      fetched: createFetchedStore(db).of,
      receivers: {
        handover: createHandoverStore(db),
        slackEmail: async (user) => (await slack.getUser(user))?.profile?.email ?? null,
      },
      ticket: jira &&
        config.jira && {
          jira,
          project: config.jira.project,
          issueType: config.jira.issueType,
          siteUrl: siteOf(config.jira.url),
          readRun: (id) => runs.view(id),
          titleOf: (step) => stepWords(step).todo,
        },
    });
    const secrets = createSecretStore(db, config.secretKeys ?? new Map());
    const runs = createRunStore(
      db,
      steps.map((step) => step.name),
    );
    const inbound = createInboundStore(db, instance);
    const reports = createReportStore(db, instance, 'slack');
    const ticketReports = createReportStore(db, instance, 'jira');
    if (jira) await ticketReports.wantAll(JIRA_ABSENT);

    const drawHome = createSlackHome({ slack, runs, operators, reports, channelId, clock, log });
    const names = createOperatorNames(slack);
    const reporter = createSlackReporter({
      slackUserOf: async (googleId) => {
        const account = await google?.accounts.getUser(googleId);
        return account ? ((await slack.findUserByEmail(account.primaryEmail))?.id ?? null) : null;
      },
      drawHome,
      slack,
      reports,
      channelId,
      pace: slackPace,
      runs,
      inbound,
      names,
      operators,
      ticketProblem: (runId) => ticketReports.problemOf(runId),
      clock,
      log,
    });
    stops.push(() => reporter.stop());
    const onProblem = async (runId: string): Promise<void> => {
      await reports.wantRun(runId);
      reporter.wake();
    };
    const ticketReporter =
      jira && config.jira
        ? createJiraReporter({
            jira,
            project: config.jira.project,
            doneStatus: config.jira.doneStatus,
            reports: ticketReports,
            runs,
            history: createHistoryStore(db),
            names,
            pace: () => pacer('jira'),
            betweenWritesMs: options.betweenTicketWritesMs ?? BETWEEN_WRITES_MS,
            tell: (by, words) => tellPrivately(slack, channelId, by, words),
            onProblem,
            log,
          })
        : createAbsentJira({ reports: ticketReports, runs, onProblem, log });
    stops.push(() => ticketReporter.stop());
    const draw = (): void => {
      reporter.wake();
      ticketReporter.wake();
    };

    const runner = createRunner({
      store: engine,
      steps: [
        ...steps,
        ...leftoverSteps({
          jira: jira !== null,
          google: google !== null,
          jamf: jamf !== null,
          snipeit: snipeit !== null,
        }),
      ],
      clock,
      lease: instance,
      secrets,
      pace: pacer,
      log,
      onChange: draw,
      onAttempt: metrics.onAttempt,
      onOrphans: () => intake.adopt(),
      notify: () => instance.notify(),
    });
    isBusy = () => runner.isBusy() || reporter.isBusy() || ticketReporter.isBusy() || intake.isBusy();
    wakeAll = () => {
      runner.wake();
      draw();
    };
    const workflow = createWorkflow({
      okta,
      bamboohr,
      google,
      jamf,
      deviceRuns: createDeviceRunStore(db),
      reveals: createRevealStore(db),
      slack,
      operators,
      channelId,
      steps,
      clock,
      secrets,
      log,
      reference,
      store: engine,
      runs,
      runner,
      policy: pinned,
      notify: () => instance.notify(),
      onChange: draw,
    });
    const threadUrl = async (runId: string): Promise<string | null> => {
      const ts = await reports.threadTs(runId);
      return ts === null ? null : slack.getPermalink(channelId, ts);
    };
    const preflight = createPreflight({
      checks: preflightChecks(config, database.url),
      inbound,
      clock,
      begin: (delivery) => intake.begin(delivery),
      onTold: () => reporter.wake(),
    });
    const parcelEvents = createParcelEvents({
      easypost: config.easypost,
      inbound,
      clock,
      begin: (delivery) => intake.begin(delivery),
      onParcelNews: async ({ code }) => {
        if ((await returns.rows.wakeParcels(code, clock.now())) === 0) return 'unknown_parcel';
        instance.notify();
        runner.wake();
        return 'woken';
      },
      metrics,
      log,
    });
    const boxAddresses = createBoxAddresses({ workflow, secrets, bamboohr, recordOf: returns.rows.recordOf, log });
    const intake = createIntake({
      workflow,
      boxAddresses,
      inbound,
      slack,
      channelId,
      clock,
      log,
      reference,
      threadUrl,
      others: {
        [PREFLIGHT]: (delivery) => preflight.run(delivery),
        ...parcelEvents.handlers,
      },
    });
    stops.push(() => intake.stop());
    stops.push(() => runner.stop());

    const doors = createSlackDoors({ slack: config.slack, log, onSocket: metrics.onSocket });
    const app = new BoltApp({
      receiver: doors.receiver,
      logLevel: LogLevel.ERROR,
      // Ids we know already: no call to Slack stands before an ack.
      authorize: async () => ({
        botToken: config.slack.botToken,
        botId: identity.botId,
        botUserId: identity.botUserId,
      }),
      clientOptions: { slackApiUrl: config.slack.apiUrl, retryConfig: { retries: 0 }, rejectRateLimitedCalls: true },
    });
    app.error(async (error) => {
      log.error({ err: error.original ?? error, reference: reference() }, 'a listener failed');
      throw error; // unanswered, Bolt says 500 at once instead of 404 after 3 s
    });
    registerListeners(app, {
      workflow,
      boxAddresses,
      findPeople: createFindPeople({ okta, operators }),
      inbound,
      runs,
      channelId,
      operators,
      intake,
      clock,
      teamId: identity.teamId,
      log,
      reference,
      respond: (responseUrl, message) =>
        slack
          .respond(responseUrl, message)
          .catch((error: unknown) => log.warn({ err: error }, 'a private answer could not be sent')),
      openView: async (triggerId, view) => void (await slack.openView(triggerId, view)),
      onHomeOpened: (viewer) => reports.homeOpened(viewer).then(() => reporter.wake()),
      onAnnounced: () => reporter.wake(),
    });

    const isReady = async (): Promise<boolean> =>
      doors.isOpen() && (await db.query<{ one: number }>('SELECT 1 AS one', [])).length === 1;
    const http = await serveHttp({
      port: config.port,
      receiver: doors.http,
      easypost: parcelEvents.door,
      metrics,
      isReady,
    });
    stops.push(() => http.stop());
    await doors.open();
    stops.push(() => doors.close());
    stops.push(startSchedule({ inbound, audit: createAuditStore(db), preflight: preflight.start, clock, log }));

    runner.start();
    intake.adopt();
    draw();
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
      preflight: preflight.start,
      stop: () => stopAll(stops),
    };
  } catch (error) {
    await stopAll(stops);
    throw error;
  }
}

/** Where people open tickets; a scoped token's address is for programs only. */
function siteOf(url: string): string | null {
  return new URL(url).hostname === 'api.atlassian.com' ? null : url;
}

async function tellPrivately(slack: Slack, channel: string, by: string, words: string): Promise<void> {
  const user = by.slice(by.indexOf('/') + 1);
  const blocks = [{ type: 'section' as const, text: { type: 'plain_text' as const, text: words } }];
  await slack.postEphemeral({ channel, user }, { text: words, blocks });
}

/** In reverse: doors first, the database last. */
async function stopAll(stops: readonly (() => Promise<void> | void)[]): Promise<void> {
  for (const stop of [...stops].reverse()) await stop();
}
