// Shows the page to whoever sits in front of the computer; nowhere else, and it is no loss where that does not work.
import { spawn } from 'node:child_process';

const OPENERS: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  darwin: ['open'],
  win32: ['cmd', '/c', 'start', ''],
  linux: ['xdg-open'],
};

export function openBrowser(url: string, env: Readonly<Record<string, string | undefined>>): void {
  const [program, ...args] = OPENERS[process.platform] ?? [];
  const hasScreen = process.platform !== 'linux' || (env.DISPLAY ?? env.WAYLAND_DISPLAY ?? '') !== '';
  if (!program || !process.stdout.isTTY || (env.CI ?? '') !== '' || !hasScreen) return;
  spawn(program, [...args, url], { stdio: 'ignore', detached: true })
    .once('error', () => undefined)
    .unref();
}
