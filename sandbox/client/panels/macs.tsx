// The Macs themselves, with what stands on their screens; and what Jamf has sent them.
import { useState } from 'react';
import { post, say } from '../connection.ts';
import { Badge, clockText, Do, Filter } from './parts.tsx';
import { useVendor } from './use-vendor.ts';

interface Mac {
  readonly id: string;
  readonly name: string;
  readonly serialNumber: string;
  readonly realname: string;
  readonly email: string;
  readonly model: string;
  readonly managementId: string | null;
  readonly lastContactAt: number;
  readonly delayMs: number | null;
  readonly isLocked: boolean;
  readonly erasedAt: readonly number[];
  readonly commands: readonly {
    readonly uuid: string;
    readonly type: string;
    readonly state: string;
    readonly sentAt: number;
  }[];
}

export function Macs() {
  const state = useVendor<{ devices: readonly Mac[] }>('jamf');
  const [wanted, setWanted] = useState('');
  const last = (one: Mac): number => one.commands.at(-1)?.sentAt ?? 0;
  const macs = [...(state?.devices ?? [])]
    .filter((one) => `${one.name} ${one.serialNumber} ${one.email}`.toLowerCase().includes(wanted.toLowerCase()))
    .sort((a, b) => last(b) - last(a));
  return (
    <>
      <Filter label="Find a Mac" value={wanted} onChange={setWanted} />
      {macs.slice(0, 20).map((mac) => (
        <MacCard key={mac.id} mac={mac} />
      ))}
    </>
  );
}

function MacCard({ mac }: { mac: Mac }) {
  const hands = (command: string, argument: object = {}) => ({
    vendor: 'jamf',
    command,
    argument: { device: mac.serialNumber, ...argument },
  });
  return (
    <article className="card">
      <header>
        <h3>{mac.name}</h3>
        <Badge tone={mac.isLocked ? 'warn' : 'good'}>{mac.isLocked ? 'locked' : 'in use'}</Badge>
      </header>
      <p className="quiet">
        {mac.serialNumber} · {mac.model} · {mac.realname}
      </p>
      <Screen mac={mac} />
      {mac.commands.map((one) => (
        <p key={one.uuid} className="line">
          {one.type} <Badge tone={one.state === 'ACKNOWLEDGED' ? 'good' : 'warn'}>{one.state.toLowerCase()}</Badge>{' '}
          <span className="quiet">sent {clockText(one.sentAt)}</span>
        </p>
      ))}
      <p className="quiet">
        {mac.managementId === null ? 'Not enrolled any more.' : `Last seen ${clockText(mac.lastContactAt)}.`}{' '}
        {mac.delayMs === null && 'It is switched off.'}
      </p>
      <div className="actions">
        {mac.delayMs === null ? (
          <Do path="hands" body={hands('set_delay', { delayMs: 0 })}>
            Switch it on
          </Do>
        ) : (
          <Do path="hands" body={hands('set_delay', { delayMs: null })}>
            Switch it off
          </Do>
        )}
        <Do path="hands" body={hands('device_confirms')}>
          Let it check in now
        </Do>
      </div>
    </article>
  );
}

function Screen({ mac }: { mac: Mac }) {
  const [pin, setPin] = useState('');
  const isErased = mac.erasedAt.length > 0 && !mac.isLocked;
  const unlock = async (): Promise<void> => {
    const argument = { device: mac.serialNumber, pin };
    const answer = await post<{ done: { unlocked: boolean } }>('/outside/hands', {
      ...{ vendor: 'jamf', command: 'unlock', argument },
    });
    setPin('');
    if (answer) say(answer.done.unlocked ? `${mac.name} is unlocked.` : 'That is not its passcode.');
  };
  if (!mac.isLocked) return <div className="screen">{isErased ? 'hello' : mac.realname}</div>;
  return (
    <form
      className="screen screen-locked"
      onSubmit={(event) => {
        event.preventDefault();
        void unlock();
      }}
    >
      <label>
        Enter your system lock PIN code to unlock this Mac
        <input
          inputMode="numeric"
          autoComplete="off"
          maxLength={6}
          value={pin}
          onChange={(event) => setPin(event.target.value.replace(/\D/g, ''))}
        />
      </label>
      <button type="submit" className="button button-default" disabled={pin.length !== 6}>
        Unlock
      </button>
    </form>
  );
}
