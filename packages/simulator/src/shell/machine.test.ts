import { describe, expect, test } from 'vitest';
import { FIRMWARES, type FirmwareName } from './firmwares.ts';
import { type MachineOptions, ShellMachine, type ShellState } from './machine.ts';

const START = 1_795_000_000_000;
const DAY_MS = 86_400_000;

function machineOf(firmware: FirmwareName, state: ShellState = {}, more: Partial<MachineOptions> = {}) {
  const clock = { time: START, now: () => clock.time };
  const machine = new ShellMachine({
    firmware,
    seed: 3,
    clock,
    poweredAt: START - 3 * DAY_MS,
    address: '10.77.0.21',
    state,
    ...more,
  });
  const run = (script: string, input = '') => {
    const said = { out: '', err: '' };
    const status = machine.shell().run(script, {
      input: { rest: input },
      out: { write: (text) => (said.out += text) },
      err: { write: (text) => (said.err += text) },
    });
    return { ...said, status };
  };
  return { machine, clock, run };
}

const NAMES = Object.keys(FIRMWARES) as FirmwareName[];

describe('a machine that is as it should be', () => {
  test.each(NAMES)('%s: its program runs and listens, memory and /tmp have room, the log is quiet', (firmware) => {
    const { machine, run } = machineOf(firmware);
    const { program, config, log } = FIRMWARES[firmware];
    expect(machine.listensOn).toBe('0.0.0.0');
    expect(run('ps').out).toContain(program);
    expect(run(`pidof ${program}`)).toMatchObject({ status: 0, out: expect.stringMatching(/^\d+\n$/) });
    expect(run('netstat -tln').out).toMatch(/0\.0\.0\.0:4028 +0\.0\.0\.0:\* +LISTEN/);
    expect(run(`cat ${config.path}`).status).toBe(0);
    expect(run(`grep -iE 'api.*(bind|listen failed)' ${log}`)).toEqual({ out: '', err: '', status: 1 });
    const free = Number(run("free -m | grep Mem: | awk '{print $4}'").out);
    expect(free).toBeGreaterThan(20);
    const used = Number(/(\d+)% \/tmp$/m.exec(run('df -h /tmp').out)?.[1]);
    expect(used).toBeLessThan(90);
    expect(run('uptime').out).toContain('up 3 days');
    expect(run('cat /proc/uptime').out).toBe('259200.00 181440.00\n');
  });

  test('admits readers from everywhere, as the factory ships it', () => {
    expect(machineOf('antminer').machine.admits('10.77.0.5')).toBe(true);
  });
});

describe('what is wrong inside shows where a technician looks', () => {
  test('the bind failed: the program runs, nobody listens, and the log says why', () => {
    const { machine, run } = machineOf('antminer', { bindFailed: true });
    expect(machine.listensOn).toBeNull();
    expect(run('netstat -tln | grep 4028').status).toBe(1);
    expect(run('pidof cgminer').status).toBe(0);
    const { out } = run("grep -iE 'API bind|API listen failed|Address already in use' /var/log/messages");
    expect(out).toContain('API bind: Address already in use');
    expect(out).toContain('API listen failed');
  });

  test('bosminer says it in its own words, in its log and in the ring of the system', () => {
    const { run } = machineOf('braiins', { bindFailed: true });
    expect(run('logread | grep -i "listen failed"').out).toContain('Address already in use');
    expect(run('grep -c "listen failed" /var/log/bosminer/bosminer.log').out).toBe('1\n');
  });

  test('little memory: under 20 MB are free by every tool, and the program has most of it', () => {
    for (const firmware of NAMES) {
      const { run } = machineOf(firmware, { memoryTight: true });
      expect(Number(run("free -m | awk '/Mem:/ {print $4}'").out), firmware).toBeLessThan(20);
      const kb = Number(run("grep MemFree /proc/meminfo | awk '{print $2}'").out);
      expect(kb).toBeLessThan(20 * 1024);
      expect(Number(run("free | awk '/Mem:/ {print $4}'").out)).toBe(kb);
      expect(run('top -b -n 1 | head -n 5 | tail -n 1').out).toContain(FIRMWARES[firmware].program);
    }
  });

  test('/tmp is nearly full, and only that: a compressed root always is', () => {
    const { run } = machineOf('whatsminer', { tmpFull: true });
    expect(Number(/(\d+)% \/tmp$/m.exec(run('df -k').out)?.[1])).toBeGreaterThan(90);
    expect(run('df -h').out).toMatch(/100% \/$/m);
  });

  test('the program is gone: no process, no port', () => {
    const { machine, run } = machineOf('luxos', { minerGone: true });
    expect(run('pidof luxminer').status).toBe(1);
    expect(run('ps | grep luxminer | grep -v grep').out).toBe('');
    expect(machine.admits('10.77.0.5')).toBe(false);
  });

  test('an idle client holds the port: it is in the list of connections, and in the kernel’s', () => {
    const { run } = machineOf('antminer', { apiPeers: ['10.77.0.9:51204'] });
    expect(run('netstat -tn').out).toMatch(/10\.77\.0\.21:4028 +10\.77\.0\.9:51204 +ESTABLISHED/);
    expect(run('cat /proc/net/tcp').out).toContain('15004D0A:0FBC 09004D0A:C804 01');
  });

  test('DCENT_OS bound to loopback listens for itself alone', () => {
    const { machine, run } = machineOf('dcent', { api: { network: false } });
    expect(run('netstat -tln').out).toContain('127.0.0.1:4028');
    expect(machine.admits('10.77.0.5')).toBe(false);
    expect(run('grep cgminer_bind_lan /data/dcentrald.toml').out).toBe('cgminer_bind_lan = false\n');
  });
});

describe('commands change the machine', () => {
  test('an address added to api-allow counts from the restart on, and a restart takes some seconds', () => {
    const heard: unknown[] = [];
    const { machine, clock, run } = machineOf(
      'antminer',
      { api: { allow: 'W:127.0.0.1' } },
      {
        onRestart: (settings, by) => heard.push([settings?.allow, by]),
        onConfig: (text) => heard.push(text.length > 0),
      },
    );
    expect(machine.admits('10.77.0.5')).toBe(false);
    run(`sed -i 's|"api-allow" : "[^"]*"|"api-allow" : "W:127.0.0.1,R:10.77.0.5"|' /config/cgminer.conf`);
    expect(heard).toEqual([true]);
    expect(machine.admits('10.77.0.5')).toBe(false);
    expect(run('/etc/init.d/cgminer.sh restart').status).toBe(0);
    expect(heard).toEqual([true, ['W:127.0.0.1,R:10.77.0.5', 'daemon']]);
    expect(machine.listensOn).toBeNull();
    clock.time += 10_000;
    expect(machine.admits('10.77.0.5')).toBe(true);
    expect(machine.admits('10.77.0.6')).toBe(false);
    expect(run('cat /config/cgminer.conf').out).toContain('"pools" : [');
  });

  test('a configuration is written from the standard input and moved into its place', () => {
    const { run, machine, clock } = machineOf('antminer', { api: { listen: false } });
    expect(machine.listensOn).toBeNull();
    const text = run('cat /config/cgminer.conf').out.replace('"api-listen" : false', '"api-listen" : true');
    expect(
      run('cat > /config/cgminer.conf.new && mv /config/cgminer.conf.new /config/cgminer.conf && sync', text).status,
    ).toBe(0);
    run('/etc/init.d/cgminer.sh restart >/dev/null 2>&1');
    clock.time += 10_000;
    expect(machine.listensOn).toBe('0.0.0.0');
  });

  test('a configuration that is broken keeps the program from starting', () => {
    const { run, machine, clock } = machineOf('antminer');
    run("echo '{ broken' > /config/cgminer.conf; /etc/init.d/cgminer.sh restart");
    clock.time += 60_000;
    expect(machine.settings).toBeNull();
    expect(run('pidof cgminer').status).toBe(1);
  });

  test('a restart frees a port that was taken and the memory that was lost; its process has another number', () => {
    const { run, machine, clock } = machineOf('whatsminer-systemd', { bindFailed: true, memoryTight: true });
    const before = run('pidof btminer').out;
    expect(run('systemctl restart btminer').status).toBe(0);
    clock.time += 10_000;
    expect(machine.listensOn).toBe('0.0.0.0');
    expect(Number(run("free -m | awk '/Mem:/ {print $4}'").out)).toBeGreaterThan(20);
    const after = run('pidof btminer').out.trim();
    expect(after).not.toBe(before.trim());
    expect(run(`cat /proc/${after}/comm`).out).toBe('btminer\n');
  });

  test('only the script of this firmware is there to restart it', () => {
    const { run } = machineOf('antminer');
    expect(run('systemctl restart bmminer')).toMatchObject({ status: 127, err: 'sh: systemctl: not found\n' });
    expect(run('/etc/init.d/cgminer restart')).toMatchObject({
      status: 127,
      err: 'sh: /etc/init.d/cgminer: not found\n',
    });
    expect(run('ls /etc/init.d').out).toBe('cgminer.sh\ndropbear\nnetwork\n');
    expect(machineOf('dcent').run('systemctl restart bmminer').err).toContain('Unit bmminer.service not found');
  });

  test('a reboot sets the uptime back', () => {
    const { run, clock, machine } = machineOf('antminer');
    run('reboot');
    clock.time += 120_000;
    expect(machine.uptimeS).toBe(90);
    expect(machine.listensOn).toBe('0.0.0.0');
  });
});

describe('scripts that are no good', () => {
  test('one without an end is killed, one that prints without an end too', () => {
    expect(machineOf('antminer').run('while true; do :; done').status).toBe(137);
    expect(machineOf('antminer').run('f() { f; }; f').status).toBe(137);
    const { status, out } = machineOf('antminer').run('x=aaaaaaaaaa; while :; do x=$x$x; echo $x; done');
    expect(status).toBe(137);
    expect(out.length).toBeLessThan(1 << 23);
  });

  test('options of a fuller ps are refused as BusyBox refuses them', () => {
    const { status, err } = machineOf('antminer').run('ps aux --sort=-%mem | head -10; ps --sort=-%mem');
    expect(status).toBe(1);
    expect(err).toContain("ps: unrecognized option '--sort=-%mem'");
  });

  test('files of the computer that simulates it are not there', () => {
    const { run } = machineOf('antminer');
    for (const path of ['/etc/shadow', '/work', '/home', '/proc/self/environ', '../../../../../../etc/hosts'])
      expect(run(`cat ${path}`).err).toContain('No such file or directory');
    expect(run('/usr/bin/node -e 1').status).toBe(127);
  });
});
