// Reads from manifest.json what the simulated Slack grants and shows: scopes, commands, shortcuts, events, Home tab.
import { readFileSync } from 'node:fs';
import path from 'node:path';

export interface SlackManifest {
  readonly botScopes: readonly string[];
  readonly commands: readonly {
    readonly command: string;
    readonly shouldEscape: boolean;
    readonly description: string;
    readonly usageHint: string;
  }[];
  readonly shortcuts: readonly { readonly name: string; readonly callbackId: string }[];
  readonly botEvents: readonly string[];
  readonly homeTab: boolean;
}

interface ManifestFile {
  readonly features?: {
    readonly app_home?: { readonly home_tab_enabled?: boolean };
    readonly slash_commands?: readonly {
      readonly command: string;
      readonly should_escape?: boolean;
      readonly description: string;
      readonly usage_hint?: string;
    }[];
    readonly shortcuts?: readonly { readonly name: string; readonly callback_id: string }[];
  };
  readonly oauth_config?: { readonly scopes?: { readonly bot?: readonly string[] } };
  readonly settings?: { readonly event_subscriptions?: { readonly bot_events?: readonly string[] } };
}

const DEFAULT_PATH = path.resolve(import.meta.dirname, '../../../manifest.json');

export function readManifest(file: string = DEFAULT_PATH): SlackManifest {
  const given = JSON.parse(readFileSync(file, 'utf8')) as ManifestFile;
  return {
    botScopes: given.oauth_config?.scopes?.bot ?? [],
    commands: (given.features?.slash_commands ?? []).map((one) => ({
      command: one.command,
      shouldEscape: one.should_escape ?? false,
      description: one.description,
      usageHint: one.usage_hint ?? '',
    })),
    shortcuts: (given.features?.shortcuts ?? []).map((one) => ({ name: one.name, callbackId: one.callback_id })),
    botEvents: given.settings?.event_subscriptions?.bot_events ?? [],
    homeTab: given.features?.app_home?.home_tab_enabled ?? false,
  };
}
