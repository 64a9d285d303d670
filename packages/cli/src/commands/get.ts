import { connect, NonceComparison, type Reading } from '@headframe/client';
import { asHeadframeError, type HeadframeError } from '@headframe/model';
import { atOnce } from '../at-once.ts';
import { credentialsFrom } from '../credentials-option.ts';
import { secondsAsMs } from '../options.ts';
import { machineCard } from '../output/machine-card.ts';
import { json } from '../output/plain-text.ts';
import { reportError } from '../output/report-error.ts';
import { reportSharedNonces } from '../output/report-shared-nonces.ts';

interface GetOptions {
  sources?: boolean;
  chips?: boolean;
  timeout: string;
  credentials?: string;
  json?: boolean;
}

/** How many machines are read at the same time; each of them still has one conversation. */
const AT_ONCE = 32;

/**
 * `headframe get`: reads each address; the exit code is that of the first failure. What shows only beside one another is
 * told behind the last one.
 */
export async function getCommand(addresses: readonly string[], options: GetOptions): Promise<number> {
  const timeoutMs = secondsAsMs(options.timeout, '--timeout', 0.1, 600);
  const credentials = credentialsFrom(options.credentials);
  let exitCode = 0;
  const fail = (error: HeadframeError) => {
    exitCode = exitCode === 0 ? error.exitCode : exitCode;
    reportError(error, options.json === true);
  };
  const nonces = new NonceComparison();
  const read = async (address: string): Promise<Reading & { title: string }> => {
    const miner = await connect(address, { credentials, timeoutMs });
    const reading = await miner.readWhole({ sources: options.sources === true });
    return { ...reading, title: miner.family.title };
  };
  await atOnce(AT_ONCE, addresses, async (address) => {
    try {
      const reading = await read(address);
      nonces.add(reading);
      print(reading, addresses.length > 1, options);
    } catch (error) {
      fail(asHeadframeError(error, { address }));
    }
  });
  for (const shared of nonces.shared()) reportSharedNonces(shared, options.json === true);
  return exitCode;
}

function print({ snapshot, title }: Reading & { title: string }, several: boolean, options: GetOptions): void {
  if (options.json) {
    process.stdout.write(`${json(snapshot, several ? 0 : 2)}\n`);
    return;
  }
  process.stdout.write(`${machineCard(snapshot, Date.now(), { ...options, title })}${several ? '\n' : ''}`);
}
