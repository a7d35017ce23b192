// Snipe-IT's assets.
import { Badge } from './parts.tsx';
import { useVendor } from './use-vendor.ts';

interface State {
  readonly assets: readonly {
    readonly id: number;
    readonly assetTag: string;
    readonly serial: string;
    readonly name: string;
    readonly statusId: number;
    readonly assignedTo: string | null;
    readonly checkins: number;
    readonly notes: string;
  }[];
  readonly labels: readonly { readonly id: number; readonly name: string; readonly type: string }[];
}

export function Inventory() {
  const state = useVendor<State>('snipeit');
  return (
    <table className="grid">
      <thead>
        <tr>
          <th>Asset</th>
          <th>Serial</th>
          <th>Has it</th>
          <th>Status</th>
        </tr>
      </thead>
      <tbody>
        {state?.assets.map((one) => (
          <tr key={one.id}>
            <td>
              {one.assetTag} {one.name}
            </td>
            <td>{one.serial}</td>
            <td>{one.assignedTo ?? '–'}</td>
            <td>
              <Badge tone={one.assignedTo === null ? 'good' : 'plain'}>
                {state.labels.find((label) => label.id === one.statusId)?.name ?? one.statusId}
              </Badge>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
