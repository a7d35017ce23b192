// The acks' control: Bolt alone, which checks the signature and acks, and neither asks nor keeps anything.
// Usage: node bench/bare-door.ts --follow-stdin
import { App, HTTPReceiver, LogLevel } from '@slack/bolt';

const receiver = new HTTPReceiver({
  signingSecret: process.env.SLACK_SIGNING_SECRET ?? '',
  endpoints: '/slack/events',
  logLevel: LogLevel.ERROR,
});
const app = new App({ receiver, authorize: async () => ({ botId: 'B0BOT' }), logLevel: LogLevel.ERROR });
app.command('/offboard', ({ ack }) => ack());
const server = await receiver.start(0);
process.stdin.once('end', () => process.exit(0)).resume();
process.once('SIGTERM', () => process.exit(0));
const address = server.address();
const port = typeof address === 'object' ? address?.port : 0;
process.stdout.write(`${JSON.stringify({ eventsUrl: `http://127.0.0.1:${port}/slack/events` })}\n`);
