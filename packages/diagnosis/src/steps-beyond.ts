import type { Examination } from '@headframe/model';
import { familyFacts } from './by-family.ts';
import { about, askByHand, capital, connectByHand } from './by-hand.ts';
import type { Step } from './rule.ts';

/** What the document does not have, and the decision table does. */
export const BEYOND = {
  waitAndRetry: (seen: Examination): Step => ({
    step: null,
    text: 'Wait 90 s and ask again: a mining program that starts opens its API late, and one whose port is taken tries again every 30 s for up to 61 s, then leaves the API off',
    command: connectByHand(about(seen)),
    fix: 'wait-and-retry',
    costs: null,
  }),
  waitForAxe: (seen: Examination): Step => ({
    step: null,
    text: 'Wait 30 s and ask again: it may be starting',
    command: askByHand(about(seen)),
    fix: 'wait-and-retry',
    costs: null,
  }),
  closeClients: (seen: Examination): Step => ({
    step: null,
    text: `Close every connection of our own to port ${seen.subject.apiPort}, wait, and ask again; then find who else holds one and stop it: one idle client keeps everybody else out for as long as it stays connected`,
    command: `ssh root@${seen.subject.address} "netstat -tn | grep :${seen.subject.apiPort}"`,
    fix: 'close-own-connections',
    costs: null,
  }),
  reboot: (): Step => ({
    step: 13,
    text: 'Reboot it by software, where some door still answers',
    command: null,
    fix: 'reboot',
    costs: 'hashing stops for about 3 min and the ramp',
  }),
  supplyCredentials: (seen: Examination): Step => {
    const { hasLogin, passwordReset } = about(seen).family;
    return {
      step: null,
      text: hasLogin ? `Give the login. If nobody knows it: ${passwordReset}` : capital(passwordReset),
      command: hasLogin
        ? `HEADFRAME_USERNAME=<user> HEADFRAME_PASSWORD=<password> headframe doctor ${seen.subject.address}`
        : null,
      fix: hasLogin ? 'supply-credentials' : null,
      costs: null,
    };
  },
  dropOrigin: (seen: Examination): Step => ({
    step: null,
    text: `${capital(familyFacts(seen.subject.family).allowAddress)}`,
    command: askByHand(about(seen)),
    fix: null,
    costs: null,
  }),
  improveSignal: (): Step => ({
    step: null,
    text: 'Bring the access point nearer: a Wi-Fi weaker than -75 dBm loses connections. Close pages and scripts that keep a connection to it: before v2.10 ten idle ones lock everybody out, later the oldest of 20 is dropped',
    command: null,
    fix: null,
    costs: null,
  }),
  readToTheEnd: (seen: Examination): Step => ({
    step: null,
    text: 'Read until the device closes the connection, and repair what it sends (missing commas, a NUL at the end): a client with a small buffer cuts replies. If it sleeps or starts, wake it or wait',
    command: `${askByHand(about(seen))} | wc -c`,
    fix: 'wait-and-retry',
    costs: null,
  }),
  useAnotherDoor: (): Step => ({
    step: null,
    text: 'This is how some firmware is shipped: stats, pools, devs, summary and version for everybody, the rest for nobody. Use those, or its web page; the next step lets our address in to the rest',
    command: null,
    fix: null,
    costs: null,
  }),
  lookAtCable: (): Step => ({
    step: null,
    text: 'Look at the link light of its network port and of the switch, try another cable and another port, and listen for its fans and its PSU',
    command: null,
    fix: null,
    costs: null,
  }),
  serialConsole: (): Step => ({
    step: 16,
    text: 'Read the serial console of its control board at 115200 baud, and give the log to this program',
    command: 'headframe doctor <address> --uart-log boot.log',
    fix: null,
    costs: null,
  }),
  reflash: (seen: Examination): Step => ({
    step: 16,
    text: `Reflash it once: ${about(seen).family.reflash}. Image from: ${about(seen).family.firmwareFrom}`,
    command: null,
    fix: null,
    costs: 'nothing of hashing, as it does not boot; its settings are lost',
  }),
  ownNetwork: (): Step => ({
    step: null,
    text: 'Mend our own side first: cable or Wi-Fi, address and route of this computer, its VPN, the switch',
    command: 'ip addr; ip route',
    fix: null,
    costs: null,
  }),
  lookAgain: (seen: Examination): Step => ({
    step: null,
    text: 'Look again in 3 min, with what could not be seen this time: a login, the pool, a second host',
    command: `headframe doctor ${seen.subject.address}`,
    fix: 'wait-and-retry',
    costs: null,
  }),
} as const;
