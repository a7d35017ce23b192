// The server's half of a WebSocket (RFC 6455), as much of it as Socket Mode needs: text, ping, pong and close. Knows no Slack.
import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

/** RFC 6455 §1.3. */
const HANDSHAKE = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const OPCODE = { continuation: 0, text: 1, close: 8, ping: 9, pong: 10 } as const;

export interface Peer {
  /** `then` runs once the bytes are with the system. */
  send(text: string, then?: () => void): void;
  ping(): void;
  /** Breaks the connection without a word. */
  drop(): void;
  /** Says goodbye as the protocol wants it. */
  close(): void;
}

export function acceptWebSocket(
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  on: { text(text: string): void; closed(): void },
): Peer {
  const accept = createHash('sha1').update(`${request.headers['sec-websocket-key']}${HANDSHAKE}`).digest('base64');
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
  const write = (opcode: number, payload: Buffer, then?: () => void): void => {
    if (socket.writable) socket.write(frame(opcode, payload), () => then?.());
  };
  let pending = Buffer.from(head);
  let message: Buffer[] = [];
  const read = (chunk: Buffer): void => {
    pending = Buffer.concat([pending, chunk]);
    for (let next = nextFrame(pending); next; next = nextFrame(pending)) {
      pending = pending.subarray(next.length);
      if (next.opcode === OPCODE.ping) write(OPCODE.pong, next.payload);
      if (next.opcode === OPCODE.close) {
        write(OPCODE.close, next.payload.subarray(0, 2), () => socket.end());
      }
      if (next.opcode > OPCODE.text) continue;
      message.push(next.payload);
      if (!next.isLast) continue;
      const text = Buffer.concat(message).toString('utf8');
      message = [];
      on.text(text);
    }
  };
  socket.on('data', read);
  socket.on('error', () => socket.destroy());
  socket.once('close', () => on.closed());
  if (pending.length > 0) read(Buffer.alloc(0));
  return {
    send: (text, then) => write(OPCODE.text, Buffer.from(text), then),
    ping: () => write(OPCODE.ping, Buffer.alloc(0)),
    drop: () => void socket.destroy(),
    close: () => write(OPCODE.close, Buffer.from([0x03, 0xe8])), // 1000, normal
  };
}

/** A server's frames are whole and not masked. */
function frame(opcode: number, payload: Buffer): Buffer {
  const { length } = payload;
  if (length < 126) return Buffer.concat([Buffer.from([0x80 | opcode, length]), payload]);
  const head = Buffer.alloc(length < 65_536 ? 4 : 10);
  head[0] = 0x80 | opcode;
  if (length < 65_536) {
    head[1] = 126;
    head.writeUInt16BE(length, 2);
  } else {
    head[1] = 127;
    head.writeBigUInt64BE(BigInt(length), 2);
  }
  return Buffer.concat([head, payload]);
}

interface Frame {
  readonly opcode: number;
  readonly isLast: boolean;
  readonly payload: Buffer;
  readonly length: number;
}

/** The first whole frame of what has come; null: more must come. A client masks what it sends. */
function nextFrame(bytes: Buffer): Frame | null {
  if (bytes.length < 2) return null;
  const [first = 0, second = 0] = bytes;
  let at = 2;
  let size = second & 0x7f;
  if (size === 126) {
    if (bytes.length < 4) return null;
    size = bytes.readUInt16BE(2);
    at = 4;
  } else if (size === 127) {
    if (bytes.length < 10) return null;
    size = Number(bytes.readBigUInt64BE(2));
    at = 10;
  }
  if (bytes.length < at + 4 + size) return null;
  const mask = bytes.subarray(at, at + 4);
  const payload = Buffer.from(bytes.subarray(at + 4, at + 4 + size));
  for (let i = 0; i < size; i++) payload[i] = (payload[i] ?? 0) ^ (mask[i % 4] ?? 0);
  return { opcode: first & 0x0f, isLast: (first & 0x80) !== 0, payload, length: at + 4 + size };
}
