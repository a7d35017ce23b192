// Says whether a value is an Atlassian document: the nodes and marks Jira renders, each with what it may hold.
// @see https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/

type Json = Readonly<Record<string, unknown>>;

/** The rich-text limit of a Jira field, in characters. */
export const LONGEST_TEXT = 32_767;

const BLOCKS = ['paragraph', 'heading', 'bulletList', 'orderedList', 'rule', 'codeBlock', 'blockquote', 'panel'];
const INLINE = ['text', 'hardBreak', 'mention', 'emoji', 'inlineCard', 'date', 'status'];
/** What each node may hold. Empty: nothing. */
const CONTENT: Readonly<Record<string, readonly string[]>> = {
  doc: BLOCKS,
  paragraph: INLINE,
  heading: INLINE,
  bulletList: ['listItem'],
  orderedList: ['listItem'],
  listItem: ['paragraph', 'bulletList', 'orderedList', 'codeBlock'],
  blockquote: ['paragraph', 'bulletList', 'orderedList', 'codeBlock'],
  panel: ['paragraph', 'heading', 'bulletList', 'orderedList'],
  codeBlock: ['text'],
};
const NEEDS_CONTENT = new Set(['bulletList', 'orderedList', 'listItem', 'blockquote', 'panel']);
const MARKS = ['strong', 'em', 'strike', 'underline', 'code', 'link', 'subsup', 'textColor'];
const KEYS = new Set(['type', 'content', 'attrs', 'marks', 'text']);
const PANELS = ['info', 'note', 'warning', 'success', 'error'];

/** The first complaint, or null if the value is a document. */
export function complainOfDocument(value: unknown): string | null {
  if (!isObject(value)) return 'not an object';
  const { type, version, content, ...rest } = value;
  if (type !== 'doc') return 'the root is no doc';
  if (version !== 1) return 'the version is not 1';
  if (!Array.isArray(content)) return 'the doc has no content';
  if (Object.keys(rest).length > 0) return `the doc has a ${Object.keys(rest)[0]}`;
  return complainOfContent('doc', content);
}

/** The words of a document, without their form. */
export function textOf(value: unknown): string {
  if (!isObject(value)) return '';
  if (typeof value.text === 'string') return value.text;
  const parts = Array.isArray(value.content) ? value.content.map(textOf) : [];
  return parts.join(INLINE_PARENTS.has(String(value.type)) ? '' : '\n');
}

const INLINE_PARENTS = new Set(['paragraph', 'heading', 'codeBlock']);

function complainOfContent(parent: string, content: readonly unknown[]): string | null {
  for (const node of content) {
    const complaint = complainOfNode(parent, node);
    if (complaint) return complaint;
  }
  return null;
}

function complainOfNode(parent: string, node: unknown): string | null {
  if (!isObject(node)) return `${parent} holds what is no node`;
  const type = String(node.type);
  if (!CONTENT[parent]?.includes(type)) return `${parent} may not hold ${type}`;
  const strange = Object.keys(node).find((key) => !KEYS.has(key));
  if (strange) return `${type} has a ${strange}`;
  if (type === 'text') return complainOfText(parent, node);
  if (node.text !== undefined || node.marks !== undefined) return `${type} has a text or marks`;
  const { content } = node;
  if (content !== undefined && !Array.isArray(content)) return `the content of ${type} is no list`;
  if (content !== undefined && !CONTENT[type]) return `${type} has content`;
  if (NEEDS_CONTENT.has(type) && (content ?? []).length === 0) return `${type} is empty`;
  return complainOfAttributes(type, isObject(node.attrs) ? node.attrs : {}) ?? complainOfContent(type, content ?? []);
}

function complainOfText(parent: string, { text, marks = [], attrs, content }: Json): string | null {
  if (typeof text !== 'string' || text === '') return 'a text is empty';
  if (attrs !== undefined || content !== undefined) return 'a text has attrs or content';
  if (!Array.isArray(marks)) return 'marks are no list';
  if (parent === 'codeBlock' && marks.length > 0) return 'a code block has marks';
  const types = marks.map((mark: unknown) => (isObject(mark) ? String(mark.type) : ''));
  const unknownMark = types.find((type) => !MARKS.includes(type));
  if (unknownMark !== undefined) return `no mark ${unknownMark}`;
  if (new Set(types).size !== types.length) return 'a mark is there twice';
  if (types.includes('code') && types.some((type) => type !== 'code' && type !== 'link'))
    return 'code with other marks';
  for (const mark of marks as Json[]) {
    const { href } = isObject(mark.attrs) ? mark.attrs : {};
    if (mark.type === 'link' && (typeof href !== 'string' || !/^(https?|mailto):/.test(href)))
      return 'a link has no href';
  }
  return null;
}

function complainOfAttributes(type: string, attrs: Json): string | null {
  if (type === 'heading' && ![1, 2, 3, 4, 5, 6].includes(Number(attrs.level))) return 'a heading has no level';
  if (type === 'panel' && !PANELS.includes(String(attrs.panelType))) return 'a panel has no type';
  if (type === 'mention' && typeof attrs.id !== 'string') return 'a mention has no id';
  if (type === 'emoji' && typeof attrs.shortName !== 'string') return 'an emoji has no name';
  if (type === 'inlineCard' && typeof attrs.url !== 'string') return 'a card has no url';
  if (type === 'date' && typeof attrs.timestamp !== 'string') return 'a date has no timestamp';
  if (type === 'status' && typeof attrs.text !== 'string') return 'a status has no text';
  return null;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
