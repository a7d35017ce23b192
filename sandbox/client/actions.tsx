// A row of things to press.
import { AnyElement } from './element.tsx';
import type { Block } from './shapes.ts';
import type { Element } from './surface.ts';

export function Actions({ block }: { block: Block }) {
  const elements = Array.isArray(block.elements) ? (block.elements as Element[]) : [];
  return (
    <div className="actions">
      {elements.map((element) => (
        <AnyElement key={elementKey(element)} block={block} element={element} />
      ))}
    </div>
  );
}

/** What it does and to what; block ids change whenever the app redraws a message. */
export function elementKey({ action_id: action, value }: Element): string {
  return `${String(action)} ${typeof value === 'string' ? value : ''}`;
}
