import { blankFault, type Fault } from '@headframe/model';
import { wifiFault } from '@headframe/wire/axeos';
import type { Fields } from '@headframe/wire/json';

/** What the device itself says is wrong (protocols.md 6.3). */
export function faultsOf(info: Fields): Fault[] {
  const faults: Fault[] = [];
  // The firmware throttled after a chip got too hot, and stays so until somebody clears it (PATCH overheat_mode 0).
  if (isOverheated(info)) {
    faults.push({
      ...blankFault('chip.temperature-high'),
      vendorCode: 'overheat_mode',
      text: 'Overheat mode: it got too hot, and stays throttled until axeos.overheat_mode clears it',
      severity: 'error',
      component: 'chip',
    });
  }
  for (const [key, code, component] of FAULTS) {
    const text = info.str(key);
    if (text !== null) faults.push({ ...blankFault(code), vendorCode: key, text, severity: 'error', component });
  }
  const wifi = wifiFault(info);
  if (wifi !== null) faults.push(wifi);
  return faults;
}

/** Each is there only on a fault, with its reason as text: v2.6 and v2.14 on. */
const FAULTS = [
  ['power_fault', 'psu.fault', 'voltage regulator'],
  ['hardware_fault', 'device.fault', 'hardware'],
] as const;

export const isOverheated = (info: Fields): boolean => (info.int('overheat_mode') ?? 0) > 0;
