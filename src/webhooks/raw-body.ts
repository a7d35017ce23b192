// The bytes of a request as they came, up to a cap: a signature is of these, not of what a parser makes of them.
import type http from 'node:http';

/** Events are some kilobytes. */
export const MOST_BYTES = 1024 * 1024;

/** `too_large`: the rest is not read, so that whoever answers must close the connection. `aborted`: the sender has gone. */
export async function readBody(request: http.IncomingMessage): Promise<Buffer | 'too_large' | 'aborted'> {
  if (Number(request.headers['content-length'] ?? 0) > MOST_BYTES) return 'too_large';
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      bytes += (chunk as Buffer).length;
      if (bytes > MOST_BYTES) return 'too_large';
      chunks.push(chunk as Buffer);
    }
  } catch {
    return 'aborted';
  }
  return Buffer.concat(chunks);
}
