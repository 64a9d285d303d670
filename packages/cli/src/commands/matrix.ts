import { connect } from '@headframe/client';
import { HeadframeError } from '@headframe/model';
import {
  type CommandMatrix,
  commandMatrix,
  MATRIX_FAMILIES,
  type MatrixFamily,
  matrixAsCsv,
  matrixAsJson,
} from '@headframe/model/matrix';
import { credentialsFrom } from '../credentials-option.ts';
import { checkMatrix, columnOf } from '../matrix-check.ts';
import { secondsAsMs } from '../options.ts';
import { matrixCard, matrixOfFamily, matrixOverview, matrixReport } from '../output/matrix-text.ts';
import { json } from '../output/plain-text.ts';
import { Progress } from '../output/progress.ts';

interface MatrixOptions {
  family?: string;
  command?: string;
  verify?: string;
  timeout: string;
  credentials?: string;
  csv?: boolean;
  json?: boolean;
}

/** `headframe matrix`: the commands of port 4028 as printed and as verified; with `--verify` held against a device. */
export async function matrixCommand(options: MatrixOptions): Promise<number> {
  if (options.csv && (options.json || options.verify !== undefined)) {
    throw new HeadframeError('usage/invalid', { detail: '--csv goes with neither --json nor --verify' });
  }
  const family = options.family === undefined ? undefined : familyFrom(options.family);
  const matrix = commandMatrix({
    ...(options.command === undefined ? {} : { commands: [options.command] }),
    ...(family === undefined ? {} : { families: [family] }),
  });
  if (matrix.commands.length + matrix.neighbours.length === 0) {
    throw new HeadframeError('usage/invalid', { detail: `The matrix has no command "${options.command}"` });
  }
  if (options.verify !== undefined) return verify(options.verify, matrix, options, family);
  process.stdout.write(asAsked(matrix, options, family));
  return 0;
}

function asAsked(matrix: CommandMatrix, options: MatrixOptions, family: MatrixFamily | undefined): string {
  if (options.csv) return matrixAsCsv(matrix);
  if (options.json) return matrixAsJson(matrix);
  if (options.command !== undefined) return matrixCard(matrix);
  return family === undefined ? matrixOverview(matrix) : matrixOfFamily(matrix, family);
}

async function verify(
  address: string,
  matrix: CommandMatrix,
  options: MatrixOptions,
  family: MatrixFamily | undefined,
): Promise<number> {
  const timeoutMs = secondsAsMs(options.timeout, '--timeout', 0.1, 600);
  const miner = await connect(address, { credentials: credentialsFrom(options.credentials), timeoutMs });
  const column = family ?? columnOf(miner);
  const progress = new Progress();
  const checked = await checkMatrix(miner, matrix, column, (done, total) =>
    progress.draw(done, total, `${done} of ${total} commands`),
  );
  progress.clear();
  const { attribution } = matrix;
  process.stdout.write(
    options.json
      ? `${json({ attribution, address: miner.address, family: miner.family.id, heldTo: column, commands: checked }, 2)}\n`
      : matrixReport(checked, { address: miner.address, column, matrix }),
  );
  return 0;
}

function familyFrom(text: string): MatrixFamily {
  const family = MATRIX_FAMILIES.find((one) => one === text);
  if (family !== undefined) return family;
  throw new HeadframeError('usage/invalid', {
    detail: `--family takes one of ${MATRIX_FAMILIES.join(', ')}, not "${text}"`,
  });
}
