import { blankFault, type Fault } from '@headframe/model';
import type { MmRecord } from './mm-record.ts';

/** The bits of PS[0], the supply's own error word (protocols.md 4). */
const PSU_BITS: readonly (readonly [number, string])[] = [
  [1, 'input voltage low'],
  [2, 'over-temperature'],
  [4, 'over-temperature'],
  [8, 'over-temperature'],
  [16, 'input over-current'],
  [32, 'output voltage low'],
  [64, 'output over-current'],
  [128, 'current sharing'],
  [256, 'over-current, channel 1'],
  [512, 'over-current, channel 2'],
  [1024, 'over-current, channel 3'],
  [2048, 'fan of the supply'],
];

/** What healthy A-series machines show in ECHU, in the vendor's own manual of the A10. */
const USUAL = 512;

/** What an Avalon itself reports as wrong. Words without a meaning of ours keep their key and number. */
export function faultsOf(module: MmRecord): Fault[] {
  const faults: Fault[] = [];
  const supply = module.nums('PS')[0] ?? 0;
  for (const [bit, text] of PSU_BITS) {
    if ((supply & bit) === 0) continue;
    faults.push({ ...blankFault('psu.fault'), vendorCode: `PS ${bit}`, text, severity: 'error', component: 'psu' });
  }
  const fans = module.num('FanErr') ?? 0;
  if (fans !== 0) {
    faults.push({ ...blankFault('fan.fault'), vendorCode: `FanErr ${fans}`, severity: 'error', component: 'fan' });
  }
  for (const [key, component] of [
    ['ECHU', 'hashboard'],
    ['ECMM', 'control board'],
  ] as const) {
    for (const [index, code] of module.nums(key).entries()) {
      if (code === null || code === 0 || code === USUAL) continue;
      const where = key === 'ECHU' ? `${component} ${index}` : component;
      faults.push({ ...blankFault('vendor.unmapped'), vendorCode: `${key} ${code}`, component: where });
    }
  }
  return faults;
}
