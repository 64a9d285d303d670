import { API_GROUPS, unicode } from './sim-config.ts';
import { CGI_DOCUMENTS, printed, rateSeries } from './sim-documents.ts';
import { NO_PROGRAM, networkInfo, type Script, type Scripts, systemInfo } from './sim-page.ts';
import { sleepMode } from './sim-run.ts';

/* The pages of the newer web page that only read (protocols.md 2.3). */

/** The pages pass the program on; while it does not run there is nothing to pass. */
const fromProgram =
  (name: keyof typeof CGI_DOCUMENTS): Script =>
  ({ unit }, _, now) =>
    unit.programRuns(now) ? CGI_DOCUMENTS[name](unit, now) : NO_PROGRAM;

/** The whole configuration, pool passwords in clear. */
const minerConf: Script = ({ unit }) => {
  const { config } = unit;
  return printed({
    pools: config.pools.map(({ url, user, pass }) => ({
      url: unicode(url),
      user: unicode(user),
      pass: unicode(pass),
    })),
    'api-listen': true,
    'api-network': true,
    'api-groups': API_GROUPS,
    'api-allow': config.allow,
    'bitmain-fan-ctrl': config.fanCtrl,
    'bitmain-fan-pwm': config.fanPwm,
    'bitmain-use-vil': true,
    'bitmain-freq': config.frequency,
    'bitmain-voltage': config.voltage,
    'bitmain-ccdelay': '0',
    'bitmain-pwth': '0',
    [unit.isOn('miner-mode-key') ? 'miner-mode' : 'bitmain-work-mode']: config.workMode,
    'bitmain-freq-level': config.freqLevel,
  });
};

/** What of `Level` a mode has is assumed: the percentages that its freq-level may have. */
const multiOption: Script = ({ unit }) =>
  printed({
    ModeInfo: unit.model.modes.map(({ name, value, level }) => ({
      ModeName: name,
      ModeValue: String(level === 0 ? sleepMode(unit.isOn) : value),
      Level: level === 0 ? {} : { '100%': '100', '90%': '90', '80%': '80' },
    })),
  });

const text = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');

export const NEW_READS: Scripts = {
  miner_type: ({ unit: { model, firmware } }) =>
    printed({ miner_type: model.type, subtype: model.subtype, fw_version: firmware.version }),
  get_system_info: ({ unit }, request) =>
    printed({
      ...systemInfo(unit, request),
      system_mode: 'GNU/Linux',
      system_kernel_version: `Linux 4.9.113 #1 SMP PREEMPT ${unit.model.compileTime}`,
      system_filesystem_version: unit.firmware.version,
      firmware_type: 'Release',
      Algorithm: unit.model.algorithm,
      serinum: unit.nameplate.serial,
    }),
  get_network_info: ({ unit }, request) => printed(networkInfo(unit, request)),
  summary: fromProgram('summary'),
  stats: fromProgram('stats'),
  pools: fromProgram('pools'),
  chart: ({ unit }, _, now) => printed({ RATE: rateSeries(unit, now) }),
  get_miner_conf: minerConf,
  get_blink_status: ({ unit }) => printed({ blink: unit.isBlinking }),
  get_multi_option: multiOption,
  log: ({ unit }, _, now) =>
    text([
      ...unit.logLines(now),
      `${new Date(now).toISOString()} ${unit.model.type}: bmminer ${unit.model.minerVersion} ` +
        (unit.programRuns(now) ? 'is running' : 'is not running'),
    ]),
  // The form of the two others is assumed: when each boot was, and everything in one piece.
  hlog: ({ unit }, _, now) => text(unit.logLines(now).filter((line) => /(power on|reboot)$/.test(line))),
  dlog: ({ unit }, _, now) => text(unit.logLines(now)),
};
