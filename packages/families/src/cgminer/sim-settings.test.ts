import { describe, expect, test } from 'vitest';
import type { SimulatedDevice } from '../sim/device.ts';
import { cgminerSimulator } from './sim.ts';
import { BUILDS } from './sim-builds.ts';
import { deviceWriteCommands } from './sim-device-writes.ts';
import { CgminerMachine } from './sim-machine.ts';
import { quirksOf } from './sim-quirks.ts';

/*
 * What `ascset` and `pgaset` do (`protocols.md` 1.10), and that it is read back where the real program shows it.
 */

const POWERED_AT = Date.UTC(2026, 0, 5);
const HOUR = 3_600_000;
const NOW = POWERED_AT + HOUR;

function machine(name: string): SimulatedDevice {
  const found = cgminerSimulator.profiles.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no profile ${name}`);
  return found.create({ seed: 3, poweredAt: POWERED_AT, quirks: { 'open-acl': true } });
}

function ask(device: SimulatedDevice, request: string, now = NOW): string {
  const reaction = device.cgminer?.receive(Buffer.from(request, 'latin1'), { address: '127.0.0.1' }, now);
  return Buffer.concat((reaction?.chunks ?? []).map((chunk) => chunk.bytes)).toString('latin1');
}

/** Code and what the driver said. */
function set(device: SimulatedDevice, request: string, now = NOW): string {
  const [, json = ''] =
    /^(.*)\0$/s.exec(
      ask(device, JSON.stringify({ command: request.split('|')[0], parameter: request.split('|')[1] }), now),
    ) ?? [];
  const [status] = (JSON.parse(json) as { STATUS: { Code: number; Msg: string }[] }).STATUS;
  return `${status?.Code} ${status?.Msg.replace(/^(ASC|PGA) \d+ set /, '')}`;
}

describe('a ModMiner Quad', () => {
  const range = 'valid range 160-230 and a multiple of 2';

  test.each([
    ['pgaset|1,clock', '93 failed: missing clock setting'],
    ['pgaset|1,clock,', '93 failed: missing clock setting'],
    ['pgaset|1,clock,158', `93 failed: invalid clock: '158' ${range}`],
    ['pgaset|1,clock,232', `93 failed: invalid clock: '232' ${range}`],
    ['pgaset|1,clock,181', `93 failed: invalid clock: '181' ${range}`],
    ['pgaset|1,clock,abc', `93 failed: invalid clock: 'abc' ${range}`],
    ['pgaset|1,CLOCK,160', '92 OK'],
    ['pgaset|1,HELP,1', '91 help: clock: range 160-230 and a multiple of 2'],
    ['pgaset|1,volt,1', '93 failed: Unknown option: volt'],
  ])('answers %s with %s', (request, said) => {
    expect(set(machine('fpga'), request)).toBe(said);
  });

  test('shows its clock, and hashes at the rate of its clock from then on', () => {
    const device = machine('fpga');
    const frequency = (now: number) => /Frequency=([\d.]+)/.exec(ask(device, 'pga|1', now))?.[1];
    const total = (now: number) => Number(/Total MH=([\d.]+)/.exec(ask(device, 'pga|1', now))?.[1]);
    expect(frequency(NOW)).toBe('200.00');
    const before = total(NOW);
    ask(device, 'pgaset|1,clock,160', NOW);
    expect([frequency(NOW), total(NOW)]).toEqual(['160.00', before]);
    const rate = (total(NOW + 10 * HOUR) - before) / (10 * 3600);
    // 0.8 GH/s at 200 MHz, give or take what one device differs from another.
    expect(rate).toBeGreaterThan(640 * 0.96);
    expect(rate).toBeLessThan(640 * 1.05);
    expect(/MHS 15m=([\d.]+)/.exec(ask(device, 'pga|1', NOW + 10 * HOUR))?.[1]).toMatch(/^6[1-7]\d\./);
  });

  test('counters never fall when the clock changes, and agree with each other', () => {
    const device = machine('fpga');
    const accepted = (now: number) =>
      [...ask(device, 'devs', now).matchAll(/,Accepted=(\d+)/g)].map(([, n]) => Number(n));
    let before = accepted(NOW);
    for (const [i, clock] of [160, 230, 200, 162, 228].entries()) {
      const now = NOW + i * HOUR;
      ask(device, `pgaset|1,clock,${clock}`, now);
      const after = accepted(now + 0.9 * HOUR);
      expect(after.every((count, board) => count >= (before[board] ?? 0))).toBe(true);
      before = after;
      const summary = Number(/,Accepted=(\d+)/.exec(ask(device, 'summary', now + 0.9 * HOUR))?.[1]);
      expect(summary).toBe(after.reduce((sum, count) => sum + count, 0));
    }
  });

  test('starts with its own clock after a restart', () => {
    const device = machine('fpga');
    ask(device, 'pgaset|1,clock,160');
    ask(device, 'restart', NOW + 1000);
    expect(ask(device, 'pga|1', NOW + 20_000)).toContain('Frequency=200.00');
  });
});

describe('devices on USB', () => {
  test.each([
    ['ascset|0,help', '118 help: freq: range 256-1024 millivolts: range 1000-1400'],
    ['ascset|0,freq,255', "120 failed: invalid freq: '255' valid range 256-1024"],
    ['ascset|0,freq,1024', '119 OK'],
    ['ascset|0,mv,999', "120 failed: invalid millivolts: '999' valid range 1000-1400"],
    ['ascset|0,millivolts', '120 failed: missing millivolts setting'],
    ['ascset|0,millivolts,1400', '119 OK'],
    ['ascset|4,millivolts,1200', '120 failed: AVA cannot set millivolts'],
    ['ascset|1,help', '118 help: clock: range 100-220'],
    // The driver writes the error and goes on.
    ['ascset|1,clock,400', '119 OK'],
    ['ascset|1,clock', '120 failed: missing clock setting'],
    ['ascset|2,help', '118 help: no set options available'],
    ['ascset|2,clock,150', '120 failed: no set options available'],
    ['ascset|3,help', '118 help: volt: range 0-9 clock: range 0-15'],
    ['ascset|3,volt,9', '119 OK'],
    ['ascset|3,clock', '120 failed: missing clock setting'],
    ['ascset|3,__proto__,1', '120 failed: Unknown option: __proto__'],
  ])('answer %s with %s', (request, said) => {
    expect(set(machine('usb-sticks'), request)).toBe(said);
  });

  test('a BitBurner shows its clock and its core voltage', () => {
    const device = machine('usb-sticks');
    ask(device, 'ascset|0,freq,350');
    ask(device, 'ascset|0,mv,1100');
    expect(ask(device, 'estats')).toMatch(/ID=BTB0,.*?,frequency=350,core_voltage=1100,/);
  });

  test('one whose plug came loose is disabled, has no device, and is left out of edevs and estats', () => {
    const device = machine('usb-sticks');
    const early = POWERED_AT + 30_000;
    expect(ask(device, 'asc|5', early)).toMatch(/Enabled=Y,.*No Device=false/);
    expect(ask(device, 'asc|5')).toMatch(/Enabled=N,.*No Device=true/);
    const shown = (command: string) => (ask(device, command).match(/\|ASC=/g) ?? []).length;
    // It has been gone for 59 minutes.
    expect([shown('devs'), shown('edevs'), shown('edevs|3000'), shown('edevs|4000')]).toEqual([6, 5, 5, 6]);
    expect(ask(device, 'estats')).not.toContain('ID=ICA2');
    expect(ask(device, 'notify')).toMatch(/NOTIFY=5,Name=ICA,ID=2,.*?Reason Not Well=Thread got zero hashes/);
  });

  test('blink when they are told to, which no reply shows', () => {
    const plan = BUILDS.find(({ name }) => name === 'usb-sticks')?.plan;
    if (plan === undefined) throw new Error('no such build');
    const sticks = new CgminerMachine(plan, { seed: 1, poweredAt: POWERED_AT }, quirksOf());
    const identify = deviceWriteCommands(sticks).find(({ name }) => name === 'ascidentify');
    const request = { command: 'ascidentify', form: 'text', joined: false, peer: '127.0.0.1', now: NOW } as const;
    const never = () => false;
    for (const parameter of ['1', '0', '1']) {
      identify?.run({ ...request, parameter, members: new Map(), exists: never, allows: never });
    }
    expect(sticks.devices.list.map(({ blinked }) => blinked)).toEqual([0, 2, 0, 0, 0, 0]);
  });

  test('their transfers are counted', () => {
    expect(ask(machine('usb-sticks'), 'usbstats')).toMatch(
      /\|Name=BTB,ID=0,Stat=SendWork,Seq=0,Modes=bw,Count=[1-9]\d*,/,
    );
  });
});

describe('Avalon modules on stock cgminer', () => {
  test.each([
    ['ascset|0,help', '118 help: led|fan|voltage|frequency|pdelay|freezesafe'],
    ['ascset|0,frequency,99', '120 failed: invalid frequency value, valid range 100-1000'],
    ['ascset|0,frequency,300:320:400', '119 OK'],
    [
      'ascset|0,voltage,1-3999',
      '120 failed: invalid module_id or voltage value, valid module_id range 0-7, valid voltage range 4000-9000',
    ],
    ['ascset|0,voltage,1-7000', '119 OK'],
    ['ascset|0,voltage,2-7000', '120 failed: the current module was disabled 2'],
    ['ascset|0,freezesafe', '120 failed: missing freezesafe mode setting'],
    ['ascset|0,freezesafe,1', '119 OK'],
    ['ascset|0,reboot,1', '120 failed: Unknown option: reboot'],
    ['ascset|1,pdelay,0', '120 failed: invalid polling delay: 0, valid range 1-65535'],
    ['ascset|1,pdelay', '120 failed: missing polling delay setting'],
    ['ascset|1,frequency,1405', '120 failed: Invalid value passed to set_avalon7_device_freq'],
    ['ascset|1,frequency,700-7', '120 failed: Invalid modular index to set_avalon7_device_freq'],
    ['ascset|1,frequency,700-2', '120 failed: Disabled modular to set_avalon7_device_freq'],
    ['ascset|1,frequency,700-1-5', '120 failed: Invalid miner index to set_avalon7_device_freq'],
    ['ascset|1,frequency,0', '119 OK'],
    ['ascset|1,voltage', '120 failed: missing voltage value'],
    ['ascset|1,voltage,5060', '120 failed: Invalid value passed to set_avalon7_device_voltage'],
    ['ascset|1,overclocking,1', '120 failed: Unknown option: overclocking'],
    ['ascset|2,fan', '120 failed: missing fan value'],
    ['ascset|2,fan,101', '120 failed: invalid fan value, valid range 0-100'],
    ['ascset|2,fan,80-20', '120 failed: invalid fan value, valid range 0-100'],
    ['ascset|2,led', '120 failed: missing module_id setting'],
    ['ascset|2,led,0', '120 failed: invalid module_id: 0, valid range 1-7'],
    ['ascset|2,led,3', '120 failed: the current module was disabled 3'],
    ['ascset|2,led,1-2', '120 failed: invalid LED status: 2, valid value 0|1'],
    ['ascset|2,voltage-level,16', '120 failed: Invalid value passed to set_avalon8_device_voltage_level'],
    ['ascset|2,voltage-level,-15', '119 OK'],
    ['ascset|2,factory,17', '120 failed: Invalid value passed to set_avalon8_factory_info'],
    ['ascset|2,overclocking,2', '120 failed: Invalid value passed to set_avalon8_overclocking_info'],
    ['ascset|2,reboot,7', '120 failed: invalid module_id: 7, valid range 1-7'],
    ['ascset|2,reboot', '120 failed: missing reboot value'],
    ['ascset|2,voltage,1', '120 failed: Unknown option: voltage'],
  ])('answer %s with %s', (request, said) => {
    expect(set(machine('avalon-modules'), request)).toBe(said);
  });

  test('show in their long text what was set', () => {
    const device = machine('avalon-modules');
    const module8 = (now = NOW) =>
      /ID=AV80,.*?MM ID1=([^,|]*)/.exec(ask(device, 'estats', now).replaceAll('\\', ''))?.[1] ?? '';
    expect(module8()).toContain('Freq[775.00] Led[0]');
    for (const request of [
      'frequency,600',
      'led,1-1',
      'fan,30-30',
      'voltage-level,-3-1-2',
      'overclocking,1',
      'factory,4',
    ]) {
      expect(set(device, `ascset|2,${request}`)).toBe('119 OK');
    }
    expect(module8()).toMatch(/FanR\[30%\] Vo\[0 -3 0 0\] Freq\[600\.00\] Led\[1\]$/);
    ask(device, 'debug|d');
    expect(module8()).toContain('FAC0[4] OC[1] SF0[600]');
    ask(device, 'ascset|2,led,1');
    ask(device, 'ascset|2,reboot,1', NOW);
    expect(module8(NOW + 5000)).toMatch(/^Elapsed\[5\] .*Led\[0\]/);
    // The other controllers are as they were.
    expect(ask(device, 'estats')).toMatch(/ID=AV70,.*?Freq\[600\.00\] Led\[0\]/);
  });
});
