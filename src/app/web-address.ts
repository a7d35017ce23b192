// What counts as an address in the settings.
import { z } from 'zod';

const isLoopback = (url: URL): boolean => ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);

/** https, or http on this machine. */
export const webAddress = (remedy: string) =>
  z.string(`is missing: ${remedy}`).refine((text) => {
    const url = URL.canParse(text) ? new URL(text) : null;
    return url !== null && (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url)));
  }, `is not an https:// address (http:// is accepted for loopback only): ${remedy}`);
