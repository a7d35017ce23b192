// `/return-device email|help`.
import { buildReturnHelp } from '../../blocks/help.ts';
import type { DoorDeps } from '../door.ts';
import { personCommand } from './person-command.ts';

export function returnDeviceCommand(deps: DoorDeps) {
  return personCommand(deps, { run: 'device_return', words: { help: buildReturnHelp } });
}
