// manifest.json is one that Slack would take, and asks for no more than the app was designed to need.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { SHORTCUTS } from '../../src/blocks/ids.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const SPECS = path.resolve(ROOT, process.env.SENDOFF_VENDOR_SPECS ?? '../shared/specs');
const SCHEMA = path.join(SPECS, 'slack-app-manifest.schema.2.0.0.json');

const METHODS = path.join(SPECS, 'slack-methods-ref-2026-08.json');

const manifest = JSON.parse(readFileSync(path.join(ROOT, 'manifest.json'), 'utf8'));

describe('manifest.json', () => {
  it('asks for exactly seven bot scopes and no user scope', () => {
    expect(manifest.oauth_config.scopes).toEqual({
      bot: ['commands', 'chat:write', 'users:read', 'users:read.email', 'groups:read', 'groups:history', 'im:write'],
    });
  });

  it('offers nothing that no listener answers: the Home event, two global shortcuts, two commands', () => {
    expect(manifest.settings.event_subscriptions.bot_events).toEqual(['app_home_opened']);
    expect(manifest.features.app_home.home_tab_enabled).toBe(true);
    expect(
      manifest.features.shortcuts.map((one: { type: string; callback_id: string }) => [one.type, one.callback_id]),
    ).toEqual(Object.values(SHORTCUTS).map((id) => ['global', id]));
    expect(manifest.features.slash_commands.map((one: { command: string }) => one.command)).toEqual([
      '/offboard',
      '/return-device',
    ]);
  });

  it('has one address for all: without an options address a search for a person finds nobody', () => {
    const { event_subscriptions: events, interactivity } = manifest.settings;
    const commands = manifest.features.slash_commands.map((one: { url: string }) => one.url);

    expect(
      new Set([events.request_url, ...commands, interactivity.request_url, interactivity.message_menu_options_url])
        .size,
    ).toBe(1);
  });

  describe.skipIf(!existsSync(SCHEMA))("against Slack's schema (skipped without SENDOFF_VENDOR_SPECS)", () => {
    const check = existsSync(SCHEMA)
      ? new Ajv({ strict: false, validateFormats: false }).compile(JSON.parse(readFileSync(SCHEMA, 'utf8')))
      : () => false;

    it('is valid', () => {
      expect(check(manifest)).toBe(true);
    });

    it.each([
      ['a scope that is not a text', { oauth_config: { scopes: { bot: [7] } } }],
      ['a name of 36 characters', { display_information: { name: 'x'.repeat(36) } }],
      ['a command without description', { features: { slash_commands: [{ command: '/x' }] } }],
    ])('would not be with %s', (_name, change) => {
      expect(check({ ...manifest, ...change })).toBe(false);
    });
  });

  it.skipIf(!existsSync(METHODS))(
    'asks for scopes that some Slack method needs, none misspelt (skipped without SENDOFF_VENDOR_SPECS)',
    () => {
      const methods: Record<string, { scope?: { bot?: string[] } }> = JSON.parse(readFileSync(METHODS, 'utf8'));
      const known = new Set(Object.values(methods).flatMap((method) => method.scope?.bot ?? []));

      const misspelt = (scopes: string[]): string[] =>
        scopes.filter((scope) => scope !== 'commands' && !known.has(scope));

      expect(misspelt(manifest.oauth_config.scopes.bot)).toEqual([]);
      expect(misspelt(['chat:wrote'])).toEqual(['chat:wrote']);
    },
  );
});
