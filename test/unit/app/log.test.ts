// No secret and no address in a log line, wherever it stands.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLog, redact } from '../../../src/app/log.ts';
import { ConnectorError } from '../../../src/connectors/connector-error.ts';

const SECRETS: readonly [string, string][] = [
  ['a bot token', 'xoxb-canary-000-111'],
  ['an app token', 'xapp-1-canary'],
  ['an Okta token', 'SSWS 00canaryToken_x-y'],
  ['a bearer token', 'Bearer eyJcanary.eyJ.sig'],
  ['a DPoP token', 'DPoP eyJcanary'],
  ['a database address', 'postgresql://app:canary@127.0.0.1:5432/sendoff'],
  ['a private key', '-----BEGIN PRIVATE KEY-----\ncanary\n-----END PRIVATE KEY-----'],
  ['a private JWK', '{"kty":"RSA","d":"canary","n":"x"}'],
  ['a socket’s address', 'wss://wss-primary.slack.com/link/?ticket=canary'],
  ['a response_url', 'https://hooks.slack.com/commands/T1/2/canary'],
  ['an e-mail address', 'canary@acme.test'],
  ['an e-mail address with letters of another script', 'cаnary@acme.test'],
];

function logged(write: (log: ReturnType<typeof createLog>) => void): string {
  const lines: string[] = [];
  write(createLog({ write: (line) => lines.push(line) }));
  return lines.join('');
}

describe('the log', () => {
  it.each(SECRETS)('does not show %s in a field, in a message or in an error', (_what, secret) => {
    const core = /canary|cаnary/;

    const text = logged((log) => {
      log.info({ deep: { field: `before ${secret} after` } }, `message ${secret}`);
      log.error({ err: new Error(`failed with ${secret}`) }, 'failed');
    });

    expect(text).not.toMatch(core);
    expect(text).toContain('redacted');
  });

  it('keeps what an operator needs: status, kind, run and step', () => {
    const error = new ConnectorError({
      kind: 'rejected',
      vendor: 'okta',
      operation: 'suspendUser',
      subject: '00u1',
      status: 400,
      reason: 'E0000001',
    });

    const text = logged((log) => log.warn({ err: error, run: 'OFF-1', step: 'okta.block' }, 'step attempt failed'));

    expect(JSON.parse(text)).toMatchObject({
      run: 'OFF-1',
      step: 'okta.block',
      err: { kind: 'rejected', status: 400 },
    });
  });

  it('leaves out the cause of a connector’s error: it may carry the request with its headers', () => {
    const cause = Object.assign(new Error('inner'), { request: { headers: { authorization: 'canary' } } });

    const text = logged((log) =>
      log.warn(
        {
          err: new ConnectorError({ kind: 'transient', vendor: 'okta', operation: 'getUser', reason: 'reset', cause }),
        },
        'x',
      ),
    );

    expect(text).not.toContain('canary');
  });

  it('cleans any text with an address in it', () => {
    const word = fc.stringMatching(/^[a-z][a-z0-9._-]{4,20}$/);
    fc.assert(
      fc.property(word, fc.domain(), fc.string(), (local, domain, around) => {
        fc.pre(!around.includes(local) && !domain.includes(local));
        expect(redact(`${around} ${local}@${domain} ${around}`)).not.toContain(local);
      }),
    );
  });
});
