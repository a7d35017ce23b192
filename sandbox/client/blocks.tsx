// A list of blocks: what is only looked at, and what has something to press or to type.
import { memo } from 'react';
import { Actions, elementKey } from './actions.tsx';
import { Display } from './display.tsx';
import { AnyElement } from './element.tsx';
import { Input } from './input.tsx';
import type { Block } from './shapes.ts';
import type { Element } from './surface.ts';

export const Blocks = memo(function Blocks({ blocks }: { blocks: readonly Block[] }) {
  const keys = keysOf(blocks);
  return (
    <div className="blocks">
      {blocks.map((block, at) => (
        <One key={keys[at]} block={block} />
      ))}
    </div>
  );
});

function One({ block }: { block: Block }) {
  if (block.type === 'actions') return <Actions block={block} />;
  if (block.type === 'input') return <Input block={block} />;
  if (block.type === 'divider') return <hr className="divider" />;
  if (block.accessory === undefined) return <Display block={block} />;
  return (
    <div className="with-accessory">
      <Display block={block} />
      <div className="accessory">
        <AnyElement block={block} element={block.accessory as Element} />
      </div>
    </div>
  );
}

/**
 * An input keeps its field, and with it the focus, wherever the app moves it; a button what it has just asked, and never takes
 * over what another one in its place has asked.
 */
function keysOf(blocks: readonly Block[]): readonly string[] {
  const seen = new Map<string, number>();
  return blocks.map((block, at) => {
    const key = keyOf(block, at);
    const before = seen.get(key) ?? 0;
    seen.set(key, before + 1);
    return `${key} ${before}`;
  });
}

function keyOf(block: Block, at: number): string {
  if (block.type === 'input') return `input ${block.block_id}`;
  const pressed = block.type === 'actions' ? (block.elements as Element[] | undefined) : [block.accessory as Element];
  const named = (pressed ?? []).filter(Boolean).map(elementKey);
  return named.length === 0 ? `${at} ${block.type}` : named.join(' ');
}
