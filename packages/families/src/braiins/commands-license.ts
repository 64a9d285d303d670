import { type Action, secret } from '@headframe/model';
import { APPLIED, seen } from './looks.ts';
import { say, successful, through } from './through.ts';

/* The licence: the fee of the firmware, and the contract that makes it another (protocols.md 7.2). */

const STATES = ['none', 'limited', 'valid', 'expired'] as const;
/** LicenseType. */
const CUSTOM = 2;

const applycontractkey = through(
  {
    contractKey: secret({
      about: 'key of the contract with Braiins',
      most: 4_096,
      source: 'BraiinsOS LicenseService.ApplyContractKey',
    }),
  },
  (machine, { contractKey }) => ({
    steps: [say(machine, 'ApplyContractKey', { contract_key: contractKey }, { judge: successful })],
    readBack: seen(
      machine,
      'GetLicenseState',
      async (now) => {
        const state = (await now.ask('GetLicenseState')).sub('state');
        const name = STATES.find((one) => typeof state.raw(one) === 'object' && state.raw(one) !== null) ?? null;
        const license = state.sub(name ?? '');
        const fee = license.sub('dev_fee').num('bsp');
        return {
          done: name === 'valid' && license.int('type') === CUSTOM,
          values: {
            state: name,
            contractName: license.str('contract_name'),
            // Hundredths of a percent.
            feePercent: fee === null ? null : fee / 100,
          },
        };
      },
      APPLIED,
    ),
  }),
  { does: 'Installs the key of a contract, which sets the fee', hashing: 'unchanged' },
);

export const ownLicenseCommands: Readonly<Record<string, Action>> = { applycontractkey };
