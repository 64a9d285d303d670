import { simulators } from '@headframe/families/sim';
import { serveDevice } from '@headframe/simulator';

/** A simulated S19 Pro with clean replies, in a process of its own: its CPU is not that of who polls it. */
const profile = simulators.find(({ id }) => id === 'antminer')?.profiles.find(({ name }) => name === 's19-pro');
if (profile === undefined) throw new Error('no S19 Pro');
const now = Date.now();
const device = profile.create({
  seed: 1,
  poweredAt: now - 86_400_000,
  quirks: { 'stats-without-comma': process.argv[2] === 'missing-comma' },
});
const served = await serveDevice(device, {
  address: '127.0.0.1',
  ports: { cgminer: 0, http: 0 },
  clock: { now: () => now },
});
process.send?.(served.ports.cgminer);
process.once('disconnect', () => process.exit(0));
