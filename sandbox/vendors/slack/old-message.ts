// A message far up in its channel, kept compressed together with its neighbours: a tenth of what it takes as objects. To be read like any
// other; whoever edits it takes it whole again. What it said first and in between is forgotten; that it was edited is not, nor when.
import { randomUUID } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Edit, Message } from './workspace.ts';

type Said = Omit<Message, 'original' | 'edits'> & {
  /** Milliseconds since the epoch. */
  readonly postedAt: number;
  /** The last time; null if never. */
  readonly editedAt: number | null;
};

/** Some messages that are seldom read. One at a time: unpacking a hundred takes less than a millisecond. */
export class Pack {
  static #read: { readonly pack: Pack; readonly messages: readonly Said[] } | null = null;
  readonly id: string;
  /** JSON, deflated, in base64. */
  readonly text: string;

  private constructor(id: string, text: string) {
    this.id = id;
    this.text = text;
  }

  static of(messages: readonly Said[]): Pack {
    return new Pack(randomUUID(), deflateRawSync(JSON.stringify(messages)).toString('base64'));
  }

  static from({ id, text }: Pick<Pack, 'id' | 'text'>): Pack {
    return new Pack(id, text);
  }

  message(at: number): Said {
    if (Pack.#read?.pack !== this) {
      const json = inflateRawSync(Buffer.from(this.text, 'base64')).toString('utf8');
      Pack.#read = { pack: this, messages: JSON.parse(json) as Said[] };
    }
    const found = Pack.#read.messages[at];
    if (!found) throw new Error(`no message ${at} in this pack`);
    return found;
  }
}

/** As it is written down, beside its pack. */
export interface PackedMessage extends Pick<Message, 'ts' | 'user' | 'threadTs' | 'broadcast'> {
  readonly pack: string;
  readonly at: number;
}

export class OldMessage implements Message {
  // What searches and threads ask of every message.
  readonly ts: string;
  readonly user: string;
  readonly broadcast: boolean;
  readonly threadTs?: string;
  readonly #pack: Pack;
  readonly #at: number;

  constructor({ ts, user, broadcast, threadTs }: Omit<PackedMessage, 'pack' | 'at'>, pack: Pack, at: number) {
    this.ts = ts;
    this.user = user;
    this.broadcast = broadcast;
    if (threadTs !== undefined) this.threadTs = threadTs;
    this.#pack = pack;
    this.#at = at;
  }

  get pack(): Pack {
    return this.#pack;
  }

  get text(): Message['text'] {
    return this.#said().text;
  }

  get blocks(): Message['blocks'] {
    return this.#said().blocks;
  }

  get original(): Edit {
    return forgotten(this.#said().postedAt);
  }

  get edits(): Edit[] {
    const { editedAt } = this.#said();
    return editedAt === null ? [] : [forgotten(editedAt)];
  }

  /** As it was before, but for what is forgotten. */
  whole(): Message {
    const { postedAt, editedAt: _, ...rest } = structuredClone(this.#said());
    return { ...rest, original: forgotten(postedAt), edits: this.edits };
  }

  toJSON(): PackedMessage {
    return { ...this, pack: this.#pack.id, at: this.#at };
  }

  #said(): Said {
    return this.#pack.message(this.#at);
  }
}

/** In the same order. */
export function packed(messages: readonly Message[]): OldMessage[] {
  const pack = Pack.of(
    messages.map(({ original, edits, ...rest }) => ({
      ...rest,
      postedAt: original.at,
      editedAt: edits.at(-1)?.at ?? null,
    })),
  );
  return messages.map((message, at) => new OldMessage(message, pack, at));
}

/** With every field as its own, to be edited or spread. */
export function wholeOf(message: Message): Message {
  return message instanceof OldMessage ? message.whole() : message;
}

function forgotten(at: number): Edit {
  return { text: '', blocks: [], at };
}
