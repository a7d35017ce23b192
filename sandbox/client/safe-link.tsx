// A link in what the app wrote. Slack's own addresses and Jira's tickets are shown here on the page; besides them the web and mail only.
import type { ReactNode } from 'react';
import { openThread } from './connection.ts';
import { change } from './store.ts';

/** @see https://docs.slack.dev/reference/methods/chat.getPermalink, read 2026-11 */
const PERMALINK = /^https:\/\/acme\.slack\.com\/archives\/(\w+)\/p(\d{10})(\d{6})(?:\?thread_ts=([\d.]+))?/;
const TICKET = /^http:\/\/127\.0\.0\.1:\d+\/browse\/[A-Z]+-\d+$/;

/** What an address means here; null: nothing of ours. */
export function insideOf(href: string): (() => void) | null {
  const found = PERMALINK.exec(href);
  if (found) {
    const [, channel = '', seconds, micros, thread] = found;
    return () => {
      change({ place: { kind: 'channel', id: channel }, wanted: { kind: 'channel', id: channel } });
      void openThread(channel, thread ?? `${seconds}.${micros}`);
    };
  }
  if (!TICKET.test(href)) return null;
  return () => change({ panel: 'vendors', vendorTab: 'jira', front: 'pane' });
}

export function SafeLink({ href, children }: { href: string; children: ReactNode }) {
  const open = insideOf(href);
  if (open)
    return (
      <button type="button" className="link-button" onClick={open}>
        {children}
      </button>
    );
  if (!/^(https?:|mailto:)/i.test(href)) return <span>{children}</span>;
  return (
    <a href={href} target="_blank" rel="noreferrer noopener">
      {children}
    </a>
  );
}

/** As Slack does when a button with an address is pressed. */
export function follow(href: string): void {
  const open = insideOf(href);
  if (open) open();
  else if (/^https?:/i.test(href)) window.open(href, '_blank', 'noopener,noreferrer');
}
