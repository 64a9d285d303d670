import { record } from '@headframe/client';
import { credentialsFrom } from '../credentials-option.ts';
import { json } from '../output/plain-text.ts';
import { Progress } from '../output/progress.ts';

interface RecordCommandOptions {
  into?: string;
  redact: boolean;
  credentials?: string;
  json?: boolean;
}

/** `headframe record`: a machine's answers in a folder, without what belongs to its owner unless that is wanted. */
export async function recordCommand(address: string, options: RecordCommandOptions): Promise<number> {
  const progress = new Progress();
  const recording = await record(address, {
    into: options.into ?? folderFor(address),
    redact: options.redact,
    credentials: credentialsFrom(options.credentials),
    onProgress: (done, ask) => progress.draw(done, done + 1, `${done} answers, asking ${ask}`),
  });
  progress.clear();
  if (options.json) {
    process.stdout.write(`${json(recording)}\n`);
    return 0;
  }
  const { folder, requests, family } = recording;
  process.stdout.write(`${requests.length} answers of this ${family} machine are in ${folder}\n`);
  process.stdout.write(
    options.redact
      ? 'Passwords, pool accounts, MAC addresses and serial numbers were replaced. Look before you give it away.\n'
      : 'Nothing was taken out: it holds passwords and serial numbers as the machine sends them.\n',
  );
  process.stdout.write(`Play it: ./headframe replay ${folder}\n`);
  return 0;
}

const folderFor = (address: string): string =>
  `recording-${address.replace(/[^\w.-]/g, '-')}-${new Date().toISOString().slice(0, 19).replace(/[:T]/g, '-')}`;
