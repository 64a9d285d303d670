import type { VerdictCode } from './rule.ts';

/** What a cause means, in words for somebody who has no machine before them. */
export interface Meaning {
  /** What is wrong, and how it comes about. */
  readonly meaning: string;
  /** What has to be seen for it, as the decision table says it (`protocols.md` 12). */
  readonly evidence: string;
  /** Families to which alone it can happen; absent: all but those of `not`. */
  readonly only?: readonly string[];
  /** Families to which it cannot happen, or which have a cause of their own for it. */
  readonly not?: readonly string[];
}

const AXE = ['axeos', 'nerdqaxe'];
/** Those whose API is not that of cgminer, so that its code 45 means nothing there. */
const NOT_CGMINER = [...AXE, 'ethminer', 'epic', 'elphapex'];

export const VERDICT_MEANINGS: Readonly<Record<VerdictCode, Meaning>> = {
  healthy: {
    meaning:
      'Every request that a monitor needs is answered in full. A machine that is paused or starting is healthy too.',
    evidence: 'Version and summary are answered whole, and between three samples its values move.',
  },
  'own-network.down': {
    meaning:
      'This computer cannot reach the network of the machine. Nothing can be said of the machine itself from here.',
    evidence:
      'There is no route to the address, its interface is down, or neither the gateway nor any other address of the same network answers.',
  },
  'device.unknown': {
    meaning: 'None of the known causes fits, or what answers does not speak as a miner does.',
    evidence: 'The reply is of another protocol, or the machine answers and reports a fault of its own.',
  },
  'telemetry.only': {
    meaning:
      'The machine hashes, and only its telemetry is missing: this costs nothing yet. Whatever tells more of the cause is named before this one.',
    evidence:
      'The API does not answer as it should, and the pool saw a share less than 2 min ago (up to 5 min: doubtful; none for 10 min: it does not hash).',
  },
  'monitor.at-fault': {
    meaning: 'The monitor is at fault: it holds a stale connection, has used up its sockets, or its token is dead.',
    evidence: 'A monitor says offline, and our own request at the same time is answered.',
  },
  'address.moved': {
    meaning:
      'The machine has another address than the one it is asked at: DHCP gave it a new one, a name is cached, or the list of the monitor has drifted.',
    evidence: 'Its MAC is at another address now, or its name leads to another address than before.',
  },
  'address.taken': {
    meaning: 'The address belongs to another device now, such as a printer, whose closed port refuses the connection.',
    evidence:
      'The web page or the vendor of the network card is that of no miner, or the MAC is not the one that is expected.',
  },
  'own-host.firewall': {
    meaning: 'This computer keeps its own requests back: a firewall, an antivirus, a VPN or a managed profile.',
    evidence: 'The port is silent from here and open from another host, or a rule of our own firewall names it.',
  },
  'network.filtered': {
    meaning:
      'Something between here and the machine drops what goes to the port of its API: an IDS/IPS or a rule between two VLANs.',
    evidence:
      'The port is silent (nmap: filtered) from several hosts, while the machine answers a ping, its web page, or a refusal on a closed port.',
  },
  'api.not-listening': {
    meaning:
      'The machine is there, and nothing listens on the port of its API: it is switched off, bound to 127.0.0.1, or the port was taken when the program started.',
    evidence:
      'The connection is refused at once (nmap: closed), while its web page is fine and the pool has fresh shares. The log may say API bind: Address already in use, or API listen failed.',
    not: AXE,
  },
  'api.address-not-allowed': {
    meaning: 'The list of who may ask the API does not have our address.',
    evidence: 'The connection is taken and closed at once, after 0 bytes.',
    not: AXE,
  },
  'api.factory-list': {
    meaning:
      'The list of the factory lets everybody ask five things and nobody the rest. That is how it is shipped, and no fault.',
    evidence: 'stats, pools, devs, summary and version are answered, and everything else with code 45.',
    not: NOT_CGMINER,
  },
  'api.blocked': {
    meaning: 'The one thread of the API is held by an idle client, or is stuck.',
    evidence: 'The connection is taken, and neither a byte nor an end follows.',
    not: AXE,
  },
  'resource.leak-periodic': {
    meaning: 'Its firmware leaks: the API stops again a while after every start.',
    evidence:
      'It stopped after about the same uptime several times, typically every 60-96 h, and was fine after each power cycle.',
  },
  'resource.exhausted': {
    meaning: 'The machine has run out of memory, of space in /tmp, or of descriptors.',
    evidence:
      'It was up for more than 60 days, or was polled every 30-60 s for weeks until connections broke off (EOF, broken pipe); free memory is under 20 MB, or /tmp over 90 % full.',
  },
  'firmware.update-broke-api': {
    meaning: 'An update of the firmware changed who may ask the API or how, or has a fault.',
    evidence: 'It answered until its firmware changed, and has not since.',
  },
  'reply.partial': {
    meaning:
      'Some replies come whole, others empty or cut: they are larger than what reads them, are no valid JSON, or the machine sleeps or starts.',
    evidence: 'version or summary are fine, and stats, devs or pools are empty, end in the middle or cannot be read.',
  },
  'http.locked': {
    meaning:
      'It wants a login that was not given or is wrong, or it does not take our address or the Origin of our page.',
    evidence: 'HTTP 401 or 403, or the refusal of its own protocol; the realm of its login says who asks.',
  },
  'axeos.refused': {
    meaning: 'Its web server is not there: it is restarting, the address is wrong, or the server has died.',
    evidence: 'curl: (7) Failed to connect, while the address answers a ping.',
    only: AXE,
  },
  'axeos.timed-out': {
    meaning: 'Its Wi-Fi is weak, or its connections are used up by clients that stay.',
    evidence:
      'curl: (28) Operation timed out; when it can be reached its signal is weaker than -75 dBm, or many WebSocket clients hold on.',
    only: AXE,
  },
  'telemetry.frozen': {
    meaning: 'It answers with values that are not read any more: the thread that watches the boards is stuck.',
    evidence: 'Over three samples 30 s apart its clock grows, and HW%, temperatures and fans do not move.',
  },
  'machine.dead': {
    meaning: 'The machine is dead: its network port, its PSU or its control board. It costs money.',
    evidence: 'SSH, web page and API are all dead, and the pool has had no share for 10 min.',
  },
  'board.boot-storage': {
    meaning: 'The control board does not boot: worn-out eMMC, SoC, PMIC or a power rail.',
    evidence:
      'The serial console (UART) at 115200 baud is silent, or repeats squashfs error, mmcblk0: error, ubifs: error or Kernel panic.',
  },
  'board.to-repair': {
    meaning: 'The control board belongs on a bench: all three conditions that end self-repair hold.',
    evidence:
      '(a) SSH, web page and API are dead and the pool has no shares, (b) the serial console is silent or shows a failed boot, and (c) a reflash by SD card or eMMC does not bring it back.',
  },
};
