import type { Call, Program } from './calls.ts';
import { says } from './file-programs.ts';
import { kernelLines } from './logs.ts';
import type { ShellMachine } from './machine.ts';
import { optionsOf } from './options.ts';

/*
 * The programs that tell of the machine, with the columns of BusyBox, and those that change its state.
 */

export function machinePrograms(machine: ShellMachine): Readonly<Record<string, Program>> {
  const { firmware } = machine;
  const programs: Record<string, Program> = {
    free: (call) => free(call, machine),
    df: (call) => df(call, machine),
    ps: (call) => ps(call, machine),
    top: (call) => top(call, machine),
    pidof: ({ args, out }) => {
      const found = machine.processes.filter(({ name }) => args.includes(name)).map(({ pid }) => pid);
      if (found.length > 0) out.write(`${found.join(' ')}\n`);
      return Number(found.length === 0);
    },
    pgrep: ({ args, out }) => {
      const found = machine.processes.filter(({ name, command }) =>
        (args.includes('-f') ? command : name).includes(args.at(-1) ?? ''),
      );
      for (const { pid } of found) out.write(`${pid}\n`);
      return Number(found.length === 0);
    },
    netstat: (call) => netstat(call, machine),
    uptime: ({ out }) => {
      const days = Math.floor(machine.uptimeS / 86_400);
      const minutes = Math.floor((machine.uptimeS % 86_400) / 60);
      const clock = `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`;
      const up = `${days > 0 ? `${days} day${days > 1 ? 's' : ''}, ` : ''}${minutes >= 60 ? clock.padStart(5) : `${minutes} min`}`;
      out.write(` ${new Date(machine.now).toISOString().slice(11, 19)} up ${up},  load average: 0.52, 0.58, 0.59\n`);
      return 0;
    },
    uname: ({ args, out }) => {
      const [system = '', host = '', release = ''] = firmware.kernel.split(' ');
      const parts: Readonly<Record<string, string>> = {
        '-a': firmware.kernel,
        '-s': system,
        '-n': host,
        '-r': release,
        '-m': 'armv7l',
      };
      out.write(`${parts[args[0] ?? '-s'] ?? system}\n`);
      return 0;
    },
    hostname: says(`${firmware.hostname}\n`),
    date: ({ args, out }) => {
      const now = new Date(machine.now);
      const asked = args.find((arg) => arg.startsWith('+'));
      if (asked === '+%s') out.write(`${Math.floor(machine.now / 1000)}\n`);
      else out.write(`${now.toUTCString().replace(/^(\w+), (\d+) (\w+) (\d+) (\S+) GMT$/, '$1 $3 $2 $5 UTC $4')}\n`);
      return 0;
    },
    id: says(({ args }) => (args[0] === '-u' ? '0\n' : 'uid=0(root) gid=0(root)\n')),
    whoami: says('root\n'),
    dmesg: ({ out }) => {
      for (const line of kernelLines(machine)) out.write(`${line}\n`);
      return 0;
    },
    reboot: () => {
      machine.reboot();
      return 0;
    },
    killall: (call) => killed(call, machine, (name) => call.args.includes(name)),
    kill: (call) => killed(call, machine, (_, pid) => call.args.includes(String(pid))),
    ...initScripts(machine),
    ...logPrograms(machine),
  };
  if (firmware.system === 'journal') programs.systemctl = (call) => systemctl(call, machine);
  return programs;
}

function logPrograms(machine: ShellMachine): Record<string, Program> {
  const { firmware } = machine;
  const all = () => [...kernelLines(machine), ...machine.log];
  if (firmware.system === 'logread') {
    const logread: Program = (call) => {
      const options = optionsOf(call, 'l:e:f');
      if (options === null) return 1;
      const like = options.values.get('e')?.[0];
      const lines = all().filter((line) => like === undefined || line.includes(like));
      for (const line of lines.slice(-Number(options.values.get('l')?.[0] ?? lines.length)))
        call.out.write(`${line}\n`);
      return 0;
    };
    return { logread };
  }
  if (firmware.system === 'journal') {
    const journalctl: Program = (call) => {
      const { args, out } = call;
      const count =
        Number(args[args.indexOf('-n') + 1] ?? '') ||
        Number(/^-n(\d+)$/.exec(args.find((arg) => /^-n\d/.test(arg)) ?? '')?.[1]);
      const lines = args.includes('-u') ? machine.log : all();
      for (const line of Number.isNaN(count) ? lines : lines.slice(-count)) out.write(`${line}\n`);
      return 0;
    };
    return { journalctl };
  }
  const logread: Program = ({ err }) => {
    err.write("logread: can't find syslogd buffer: No such file or directory\n");
    return 1;
  };
  return { logread };
}

function initScripts(machine: ShellMachine): Record<string, Program> {
  const { restart, program } = machine.firmware;
  if (!('script' in restart)) return {};
  const script: Program = ({ args, out, name }) => {
    switch (args[0]) {
      case 'restart':
      case 'start':
        out.write(`Stopping ${program}...\nStarting ${program}...\n`);
        machine.restart();
        return 0;
      case 'stop':
        out.write(`Stopping ${program}...\n`);
        machine.stop();
        return 0;
      case 'status':
        out.write(`${program} is ${machine.settings === null ? 'stopped' : 'running'}\n`);
        return Number(machine.settings === null);
      default:
        out.write(`Usage: ${name} {start|stop|restart|status}\n`);
        return 1;
    }
  };
  return { [restart.script]: script };
}

const systemctl = ({ args, out, err }: Call, machine: ShellMachine): number => {
  const { restart } = machine.firmware;
  const [verb = '', given = ''] = args.filter((arg) => !arg.startsWith('-'));
  const unit = given.replace(/\.service$/, '');
  if (!('unit' in restart) || unit !== restart.unit) {
    if (verb === 'is-active' || verb === 'is-enabled') {
      out.write('inactive\n');
      return 3;
    }
    err.write(
      verb === 'status'
        ? `Unit ${unit}.service could not be found.\n`
        : `Failed to ${verb} ${unit}.service: Unit ${unit}.service not found.\n`,
    );
    return verb === 'status' ? 4 : 5;
  }
  const runs = machine.settings !== null;
  if (verb === 'restart' || verb === 'start') machine.restart();
  else if (verb === 'stop') machine.stop();
  else if (verb === 'is-active') out.write(runs ? 'active\n' : 'inactive\n');
  else out.write(`* ${unit}.service\n   Loaded: loaded\n   Active: ${runs ? 'active (running)' : 'inactive (dead)'}\n`);
  return verb === 'is-active' || verb === 'status' ? (runs ? 0 : 3) : 0;
};

/** Where nothing watches over the mining program, it stays away; systemd starts it again. */
function killed({ args, err, name }: Call, machine: ShellMachine, is: (name: string, pid: number) => boolean): number {
  const found = machine.processes.filter((one) => is(one.name, one.pid));
  if (found.length === 0) {
    err.write(`${name}: ${args.at(-1) ?? ''}: no process killed\n`);
    return 1;
  }
  if (args.includes('-0') || !found.some((one) => one.name === machine.firmware.program)) return 0;
  if ('unit' in machine.firmware.restart) machine.restart();
  else machine.stop();
  return 0;
}

function free(call: Call, machine: ShellMachine): number {
  const options = optionsOf(call, 'bkmgh');
  if (options === null) return 1;
  const divisor = options.flags.has('m')
    ? 1024
    : options.flags.has('g')
      ? 1 << 20
      : options.flags.has('b')
        ? 1 / 1024
        : 1;
  const { total, free: unused, buffers, cached, available } = machine.memory;
  const columns = (width: number, ...values: (number | string)[]) =>
    values
      .map((value) => String(typeof value === 'string' ? value : Math.floor(value / divisor)).padStart(width))
      .join('');
  const used = total - unused;
  if (machine.firmware.freeForm === 'old') {
    call.out.write(`${' '.repeat(7)}${columns(13, 'total', 'used', 'free', 'shared', 'buffers', 'cached').slice(1)}\n`);
    call.out.write(`Mem:   ${columns(13, total, used, unused, 0, buffers, cached).slice(1)}\n`);
    call.out.write(`-/+ buffers/cache: ${columns(13, used - buffers - cached, unused + buffers + cached)}\n`);
    call.out.write(`Swap:  ${columns(13, 0, 0, 0).slice(1)}\n`);
  } else {
    call.out.write(`${' '.repeat(7)}${columns(12, 'total', 'used', 'free', 'shared', 'buff/cache', 'available')}\n`);
    call.out.write(
      `Mem:   ${columns(12, total, used - buffers - cached, unused, 1200, buffers + cached, available)}\n`,
    );
    call.out.write(`Swap:  ${columns(12, 0, 0, 0)}\n`);
  }
  return 0;
}

function df(call: Call, machine: ShellMachine): number {
  const options = optionsOf(call, 'hkmPT');
  if (options === null) return 1;
  const human = options.flags.has('h');
  const one = (kb: number) => {
    if (options.flags.has('m')) return String(Math.round(kb / 1024));
    if (!human) return String(kb);
    if (kb === 0) return '0';
    return kb >= 1 << 20
      ? `${(kb / (1 << 20)).toFixed(1)}G`
      : kb >= 1024
        ? `${(kb / 1024).toFixed(1)}M`
        : `${kb.toFixed(1)}K`;
  };
  const mountOf = (path: string) =>
    [...machine.mounts]
      .sort((a, b) => b.at.length - a.at.length)
      .find(({ at }) => at === '/' || path === at || path.startsWith(`${at}/`));
  const missing = options.rest.filter((name) => !call.shell.files.exists(call.shell.path(name)));
  for (const name of missing) call.err.write(`df: ${name}: can't find mount point\n`);
  const shown =
    options.rest.length === 0
      ? machine.mounts
      : options.rest.filter((name) => !missing.includes(name)).flatMap((name) => mountOf(call.shell.path(name)) ?? []);
  const head = human
    ? 'Filesystem                Size      Used Available Use% Mounted on'
    : `Filesystem           ${options.flags.has('m') ? '1M-blocks' : '1K-blocks'}      Used Available Use% Mounted on`;
  call.out.write(`${head}\n`);
  for (const { device, at, sizeKb, usedKb } of shown) {
    const percent = sizeKb === 0 ? 0 : Math.ceil((usedKb * 100) / sizeKb);
    const numbers = [sizeKb, usedKb, sizeKb - usedKb].map((kb) => one(kb).padStart(10)).join('');
    call.out.write(`${device.padEnd(20)}${numbers} ${String(percent).padStart(3)}% ${at}\n`);
  }
  return Number(missing.length > 0);
}

const vsz = (kb: number): string => (kb >= 100_000 ? `${Math.round(kb / 1024)}m` : String(kb)).padStart(5);

function ps(call: Call, { processes }: ShellMachine): number {
  const { args, out, err } = call;
  const bad = args.find((arg) => arg.startsWith('-') && !/^-[wlTo]+$/.test(arg));
  if (bad !== undefined) {
    err.write(
      `ps: ${bad.startsWith('--') ? `unrecognized option '${bad}'` : `invalid option -- '${bad[1] ?? ''}'`}\nBusyBox v1.29.3 multi-call binary.\n\nUsage: ps\n\nShow list of processes\n\n\tw\tWide output\n`,
    );
    return 1;
  }
  out.write('  PID USER       VSZ STAT COMMAND\n');
  for (const { pid, vszKb, state, command } of processes) {
    out.write(
      `${String(pid).padStart(5)} root     ${vsz(vszKb)} ${state.padEnd(4)} ${command}`
        .slice(0, args.some((arg) => /w/.test(arg)) ? 1000 : 79)
        .concat('\n'),
    );
  }
  return 0;
}

function top({ out }: Call, machine: ShellMachine): number {
  const { total, free: unused, buffers, cached } = machine.memory;
  out.write(`Mem: ${total - unused}K used, ${unused}K free, 0K shrd, ${buffers}K buff, ${cached}K cached\n`);
  out.write(
    'CPU:  18% usr   4% sys   0% nic  77% idle   0% io   0% irq   0% sirq\nLoad average: 0.52 0.58 0.59 1/84 4242\n',
  );
  out.write('  PID  PPID USER     STAT   VSZ %VSZ %CPU COMMAND\n');
  for (const { pid, vszKb, state, command } of [...machine.processes].sort((a, b) => b.vszKb - a.vszKb)) {
    out.write(
      `${String(pid).padStart(5)}     1 root     ${state.padEnd(4)} ${vsz(vszKb)} ${String(Math.round((vszKb * 100) / total)).padStart(3)}%   0% ${command}\n`,
    );
  }
  return 0;
}

function netstat(call: Call, { sockets, processes }: ShellMachine): number {
  const options = optionsOf(call, 'tulnapwex');
  if (options === null) return 1;
  const { flags } = options;
  const kind = flags.has('l') ? 'only servers' : flags.has('a') ? 'servers and established' : 'w/o servers';
  const withProgram = flags.has('p');
  call.out.write(`Active Internet connections (${kind})\n`);
  call.out.write(
    `Proto Recv-Q Send-Q Local Address           Foreign Address         State       ${withProgram ? 'PID/Program name' : ''}\n`,
  );
  for (const { local, remote, state, program } of sockets) {
    if (!flags.has('a') && (state === 'LISTEN') !== flags.has('l')) continue;
    const pid = processes.find(({ name }) => name === program)?.pid ?? '-';
    call.out.write(
      `tcp        0      0 ${local.padEnd(23)} ${remote.padEnd(23)} ${state.padEnd(12)}${withProgram ? `${pid}/${program}` : ''}\n`,
    );
  }
  return 0;
}
