// Retriever's boxes with both legs, and the next thing that happens to each.
import { Badge, clockText, Do } from './parts.tsx';
import { useVendor } from './use-vendor.ts';

interface Leg {
  readonly tracking: string | null;
  readonly carrier: string | null;
}

interface Order {
  readonly id: string;
  readonly createdAt: string;
  readonly isCancelled: boolean;
  readonly isLost: boolean;
  readonly sent: {
    readonly serial_number: string | null;
    readonly device: string;
    readonly employee_info: Readonly<Record<string, string>>;
  };
  readonly outbound: Leg;
  readonly back: Leg;
  readonly boxShippedAt: string | null;
  readonly boxDeliveredAt: string | null;
  readonly deviceShippedAt: string | null;
  readonly deviceDeliveredAt: string | null;
}

const MOVES = [
  { command: 'ship_box', field: 'boxShippedAt', label: 'Retriever ships the box (4 h pass)', said: 'Box shipped' },
  { command: 'deliver_box', field: 'boxDeliveredAt', label: 'The box arrives', said: 'Box delivered' },
  { command: 'scan_return', field: 'deviceShippedAt', label: 'The laptop is handed in', said: 'Laptop on its way' },
  { command: 'deliver_back', field: 'deviceDeliveredAt', label: 'The laptop arrives', said: 'Laptop delivered' },
] as const;

export function Parcels() {
  const state = useVendor<{ orders: readonly Order[]; billed: number }>('retriever');
  if (state && state.orders.length === 0)
    return <p className="quiet">No box has been ordered yet. One is when somebody in the US or Canada leaves.</p>;
  return (
    <>
      <p className="quiet">{state?.billed ?? 0} to be paid for</p>
      {state?.orders.toReversed().map((order) => (
        <OrderCard key={order.id} order={order} />
      ))}
    </>
  );
}

function OrderCard({ order }: { order: Order }) {
  const next = MOVES.find((one) => order[one.field] === null);
  const done = MOVES.findLast((one) => order[one.field] !== null);
  const body = (command: string) => ({ vendor: 'retriever', command, argument: { order: order.id } });
  return (
    <article className="card">
      <header>
        <h3>
          Order {order.id} · {order.sent.device} {order.sent.serial_number}
        </h3>
        <Badge tone={order.isLost ? 'bad' : 'plain'}>{order.isLost ? 'Lost' : (done?.said ?? 'Ordered')}</Badge>
      </header>
      <ol className="legs">
        {MOVES.map((one) => (
          <li key={one.command} data-done={order[one.field] !== null}>
            {one.said}
            <span className="quiet"> {order[one.field] === null ? '' : clockText(order[one.field] ?? '')}</span>
          </li>
        ))}
      </ol>
      <p className="quiet">
        Out {order.outbound.carrier ?? '–'} {order.outbound.tracking ?? ''} · back {order.back.tracking ?? '–'}
      </p>
      {!order.isLost && !order.isCancelled && next && (
        <div className="actions">
          <Do path="hands" body={body(next.command)}>
            {next.label}
          </Do>
          <Do path="hands" body={body('lose')} isDanger={true}>
            It is lost
          </Do>
        </div>
      )}
    </article>
  );
}
