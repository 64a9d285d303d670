import type { SimulatedHttpPort, SimulatedHttpReply } from '../sim/device.ts';
import type { MinerState } from './sim-state.ts';
import type { AntminerUnit } from './sim-unit.ts';

/*
 * Port 6060: a text service inside bmminer, without a login (protocols.md 2.5). The forms of /warning and /miner_power
 * are known; what the others print is assumed: rates as a number in the machine's unit, one word for states.
 */

type Answer = (unit: AntminerUnit, state: MinerState, now: number) => string;

const rateText = (hs: number, { model }: AntminerUnit): string => `${(hs / model.unit.hs).toFixed(2)}\n`;

const S17: ReadonlyMap<string, Answer> = new Map<string, Answer>([
  ['/rate', (unit, state) => rateText(state.rate5s, unit)],
  ['/ideal_rate', (unit) => rateText(unit.model.idealHs, unit)],
  ['/max_rate', (unit, state) => rateText(Math.max(state.rate5s, state.rate30m, state.rateAverage), unit)],
  ['/miner_status', (_, state) => (state.rate5s > 0 ? 'running\n' : 'stopped\n')],
  ['/result', (_, state) => (state.boards.every(({ found }) => found) ? 'pass\n' : 'fail\n')],
  ['/test', () => 'test\n'],
  [
    '/shutdown',
    ({ run }, _, now) => {
      run.stopHashing(now);
      return 'shutdown\n';
    },
  ],
]);

const NEWER: ReadonlyMap<string, Answer> = new Map<string, Answer>([
  ...S17,
  ['/get_sn', ({ nameplate }) => `${nameplate.serial}\n`],
  // `P:2` is the one code that is known to exist; what it stands for is not.
  ['/warning', (_, { complaints }) => `{"error_message":"${Object.keys(complaints).length === 0 ? 'None' : 'P:2'}"}\n`],
  ['/miner_power', (_, { power }) => `miner power:${Math.round(power)}\n`],
]);

export function monitorPort(unit: AntminerUnit): SimulatedHttpPort {
  const answers = unit.model.monitor === 's17' ? S17 : NEWER;
  return {
    port: 6060,
    respond: ({ path }, _, now): SimulatedHttpReply => {
      unit.settle(now);
      const answer = answers.get(path);
      const body = answer === undefined ? 'error 6060 cmd' : answer(unit, unit.stateAt(now), now);
      return { status: 200, headers: { 'content-type': 'text/plain' }, body };
    },
  };
}
