import { Command, CommanderError } from 'commander';

/*
 * The command line. Everything but commander is loaded when a command runs: `headframe --help` must cost next to nothing.
 */

const HELP_FOOTER = `
Examples:
  headframe scan 192.168.1.0/24            find the machines of a network
  headframe get 192.168.1.17               read one machine
  headframe do 192.168.1.17 reboot         change it, after showing what is sent
  headframe get 192.168.1.17 --json        the same for programs
  headframe doctor 192.168.1.17            why it does not answer, what to do
  headframe sim --count 20                 simulate machines to try things on
  headframe serve --scan 192.168.1.0/24    the daemon with its web page

Every command has its own help: headframe scan --help`;

/**
 * Runs one command line.
 * @param argv the arguments behind the program's name
 * @returns the exit code: 0, or that of the error table (docs/reference/errors.md)
 */
export async function main(argv: readonly string[]): Promise<number> {
  endWithReader(argv[0]);
  let exitCode = 0;
  const run = (command: () => Promise<number>) => async () => {
    exitCode = await command();
  };
  try {
    const root = program(run);
    if (argv.length === 0) root.outputHelp();
    else await root.parseAsync(argv, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return usage(error);
    const { reportError } = await import('./output/report-error.ts');
    return reportError(error, argv.includes('--json'));
  }
}

/** Commands that others rely on: somebody who read their first line and went away does not end them. */
const SERVING = ['serve', 'sim', 'replay'];

/** A reader that has seen enough, such as `| head`, ends any other command without a word. */
function endWithReader(command: string | undefined): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      if (!SERVING.includes(command ?? '')) process.exit(0);
    });
  }
}

/** commander has printed its sentence already; help and version are no mistakes. */
function usage(error: CommanderError): number {
  return error.exitCode === 0 ? 0 : 2;
}

type Run = (command: () => Promise<number>) => () => Promise<void>;

function program(run: Run): Command {
  const root = new Command('headframe')
    .description('One door to the management API of every crypto-mining machine.')
    .version('0.1.0', '-V, --version', 'show the version')
    .usage('<command> [options]')
    .helpOption('-h, --help', 'show this help')
    .helpCommand('help [command]', 'Show the help of a command.')
    .configureHelp({ helpWidth: 80, subcommandTerm: (command) => command.name() })
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({ outputError: mistakeOf('headframe') })
    .addHelpText('after', HELP_FOOTER);
  scan(root, run);
  get(root, run);
  doIt(root, run);
  actions(root, run);
  matrix(root, run);
  doctor(root, run);
  api(root, run);
  record(root, run);
  sim(root, run);
  replay(root, run);
  serve(root, run);
  stop(root, run);
  return root;
}

const subcommand = (root: Command, name: string, description: string): Command =>
  root
    .command(name)
    .description(description)
    .configureOutput({ outputError: mistakeOf(`headframe ${name}`) });

/** What commander says of a wrong command line, as sentences, and where to read on. */
const mistakeOf = (program: string) => (text: string, write: (text: string) => void) => {
  const [said = '', ...more] = text
    .replace(/^error: /, '')
    .trim()
    .split('\n');
  const hint = more.join(' ').replace(/^\((.*)\)$/, ' $1');
  const end = said.endsWith('.') ? '' : '.';
  write(`${said.charAt(0).toUpperCase()}${said.slice(1)}${end}${hint}\nSee: ${program} --help\n`);
};

const CREDENTIALS = 'file with user names and passwords by family and range (default: the environment, see README)';

function scan(root: Command, run: Run): void {
  const command = subcommand(root, 'scan', 'Find the machines of a network.')
    .argument('[range...]', 'CIDR, range, address, host name or host:port; !x leaves x out')
    .option('--exclude <range...>', 'what to leave out')
    .option('--multicast [own-address]', 'ask the network with one cgminer multicast too; few machines listen for it')
    .option('--thorough', 'ask every port of every address, not only where something answers')
    .option('--http-port <port...>', 'further ports to try for web interfaces, such as those of headframe sim')
    .option('--concurrency <n>', 'how many addresses at once')
    .option('--credentials <file>', CREDENTIALS)
    .option('--json', 'one JSON object per finding, for programs')
    .addHelpText('after', '\nExample:\n  headframe scan 10.0.4.0/22 10.0.9.17 --exclude 10.0.4.1');
  command.action((ranges: string[], options) =>
    run(async () => (await import('./commands/scan.ts')).scanCommand(ranges, options))(),
  );
}

function get(root: Command, run: Run): void {
  const command = subcommand(root, 'get', 'Read machines: who they are and how they are.')
    .argument('<address...>', 'IP address, host name, or host:port')
    .option('--sources', 'also say which field of which reply each value came from')
    .option('--chips', 'show every chip')
    .option('--timeout <seconds>', 'how long one machine may take', '10')
    .option('--credentials <file>', CREDENTIALS)
    .option('--json', 'the whole snapshot as JSON; one line per machine when there are several')
    .addHelpText('after', '\nExample:\n  headframe get 10.0.4.17\n  headframe get 10.0.4.17 --json --sources');
  command.action((addresses: string[], options) =>
    run(async () => (await import('./commands/get.ts')).getCommand(addresses, options))(),
  );
}

function doIt(root: Command, run: Run): void {
  const command = subcommand(root, 'do', 'Change machines: shows what is sent, asks, does it and reads it back.')
    .argument('<words...>', 'addresses, an action, and its parameters in order or as name=value')
    .option('--dry-run', 'print exactly what would be sent, secrets masked, and send nothing')
    .option('--yes', 'do it without asking, for scripts')
    .option('--guarded <address>', 'allow a guarded action on this machine, whose address is typed once more')
    .option('--take-over', "end somebody else's session with the machine first")
    .option('--try-defaults', 'where no password is known, try the one that the factory sets')
    .option('--at-once <n>', 'how many machines at the same time', '8')
    .option('--into <folder>', 'where to write what is downloaded', '.')
    .option('--timeout <seconds>', 'how long connecting to one machine may take', '10')
    .option('--credentials <file>', CREDENTIALS)
    .option('--json', 'one JSON object per machine, for programs')
    .addHelpText(
      'after',
      `
Example:
  headframe actions 10.0.4.17  (what it can do)
  headframe do 10.0.4.17 10.0.4.18 switch-pool 1
  headframe do 10.0.4.17 add-pool stratum+tcp://pool.example:3333,account.rig1
  headframe do 10.0.4.17 cgminer.poolquota 0 50`,
    );
  command.action((words: string[], options) =>
    run(async () => (await import('./commands/do.ts')).doCommand(words, options))(),
  );
}

function actions(root: Command, run: Run): void {
  const command = subcommand(root, 'actions', 'List what a machine can do, and why it cannot do the rest.')
    .argument('<address>', 'IP address, host name, or host:port')
    .option('--timeout <seconds>', 'how long it may take', '10')
    .option('--credentials <file>', CREDENTIALS)
    .option('--json', 'as JSON, for programs')
    .addHelpText('after', '\nExample:\n  headframe actions 10.0.4.17');
  command.action((address: string, options) =>
    run(async () => (await import('./commands/actions.ts')).actionsCommand(address, options))(),
  );
}

function matrix(root: Command, run: Run): void {
  const command = subcommand(root, 'matrix', 'Show the commands of port 4028: as printed, as verified, real calls.')
    .option('--family <name>', 'only this column: stock, braiins, luxos or dcent')
    .option('--command <name>', 'everything about one command')
    .option('--verify <address>', 'hold a machine against it; only reads are sent, all else is asked after')
    .option('--timeout <seconds>', 'how long one answer of it may take', '10')
    .option('--credentials <file>', CREDENTIALS)
    .option('--csv', 'as CSV, with the attribution in comment lines')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample:\n  headframe matrix --family luxos\n  headframe matrix --verify 10.0.4.17');
  command.action((options) => run(async () => (await import('./commands/matrix.ts')).matrixCommand(options))());
}

function doctor(root: Command, run: Run): void {
  const command = subcommand(root, 'doctor', 'Find out why machines do not answer, and what to do about it.')
    .argument('<address...>', 'IP address, host name, host:port, or ranges as for scan')
    .option('--fix', 'offer what can be done from here, asking each time')
    .option('--report <file>', 'write what was found for whoever repairs it (Markdown, without secrets)')
    .option('--watch [seconds]', 'look again and again (every 30 s), and tell what changes')
    .option('--pool <account...>', 'ask the pool too, such as public-pool:ADDRESS:WORKER or braiins-pool:user.worker')
    .option('--pools <file>', 'file with pool accounts by machine (README of the client)')
    .option('--ssh [user]', 'look inside over SSH; the password is HEADFRAME_SSH_PASSWORD or is asked for')
    .option('--ssh-key <file>', 'private key for SSH')
    .option('--ssh-host-key <fingerprint>', 'only a machine with this host key (SHA256:...)')
    .option('--uart-log <file>', 'log of the serial console, 115200 baud; - reads the standard input')
    .option('--vantage <url...>', 'ask other Headframe daemons to look too')
    .option('--expect-mac <mac>', 'the MAC that the machine is known to have')
    .option('--monitor-says-offline', 'another monitor says that it is offline')
    .option('--since-update', 'it has been silent since its firmware was updated')
    .option('--reflash-failed', 'a reflash by SD card or eMMC did not bring it back')
    .option('--tried <step...>', 'what was tried already, for the report')
    .option('--contact <text>', 'who can be asked, for the report')
    .option('--quick', 'no second look after a wait, no samples 30 s apart')
    .option('--full', 'of several machines print each one whole, before the causes')
    .option('--http-port <port...>', 'further ports to try for web interfaces, such as those of headframe sim')
    .option('--at-once <n>', 'how many machines at the same time', '128')
    .option('--timeout <seconds>', 'how long one machine may take', '120')
    .option('--credentials <file>', CREDENTIALS)
    .option('--json', 'as JSON, for programs: one diagnosis per line where there are several')
    .addHelpText(
      'after',
      `
Example:
  headframe doctor 10.0.4.99
  headframe doctor 10.0.4.99 --fix
  headframe doctor 10.0.4.99 --pool public-pool:bc1q...:rig3 --report rig3.md
  headframe doctor 10.0.4.0/24 --watch 60

It only looks, unless --fix is given. One machine takes 1 to 8 s, a machine with
a fault up to a minute. The exit code is 0 where all are healthy, else 1.`,
    );
  command.action((addresses: string[], options) =>
    run(async () => (await import('./commands/doctor.ts')).doctorCommand(addresses, options))(),
  );
}

function api(root: Command, run: Run): void {
  const command = subcommand(root, 'api', "Send one request of the device's own API and print the answer.")
    .argument('<address>', 'IP address, host name, or host:port')
    .argument(
      '<command>',
      'a command of port 4028, a path that begins with / for HTTP, or a gRPC method (pkg.Service/Method)',
    )
    .argument('[parameter]', 'the parameter of the command; for gRPC its message, as JSON or hex')
    .option('--text', 'ask in the text form instead of JSON')
    .option('--raw', 'print the bytes as they came; on a terminal, control characters as \\xNN')
    .option('--timeout <seconds>', 'how long it may take', '10')
    .option('--credentials <file>', CREDENTIALS)
    .addHelpText(
      'after',
      '\nExample:\n  headframe api 10.0.4.17 stats\n  headframe api 10.0.4.17 /cgi-bin/summary.cgi\n  headframe api 10.0.4.17 braiins.bos.ApiVersionService/GetApiVersion',
    );
  command.action((address: string, request: string, parameter: string | undefined, options) =>
    run(async () => (await import('./commands/api.ts')).apiCommand(address, request, parameter, options))(),
  );
}

function record(root: Command, run: Run): void {
  const command = subcommand(root, 'record', 'Write down what a machine answers, to replay it or to report a problem.')
    .argument('<address>', 'IP address, host name, or host:port')
    .option('--into <folder>', 'where to write; it must not exist yet')
    .option('--no-redact', 'keep passwords, workers, MAC addresses and serial numbers as they are')
    .option('--credentials <file>', CREDENTIALS)
    .option('--json', 'say what was written as JSON')
    .addHelpText('after', '\nExample:\n  headframe record 10.0.4.17 --into s19-in-row-4');
  command.action((address: string, options) =>
    run(async () => (await import('./commands/record.ts')).recordCommand(address, options))(),
  );
}

function sim(root: Command, run: Run): void {
  const command = subcommand(root, 'sim', 'Simulate a farm of machines on loopback addresses.')
    .option('--count <n>', 'how many machines', '20')
    .option('--seed <n>', 'the same seed gives the same farm', '1')
    .option('--family <id...>', 'only these families')
    .option('--profile <name>', 'only this machine; --list shows them')
    .option('--fault <fault...>', 'faults for every machine; --list shows them')
    .option('--quirk <quirk...>', 'quirk switches, name=on or name=off')
    .option('--base <address>', 'the first address, 127.x.y.z (default: the first free block)')
    .option('--bind <address>', 'one address for all machines, each with ports of its own')
    .option('--www <folder>', 'a built web page in front of each machine, such as that of AxeOS')
    .option('--pool <kind[:port]>', 'a pool that counts what they submit, with the statistics API of its kind (--list)')
    .option('--list', 'show the machines, faults, quirks and pools there are')
    .option('--json', 'one line per machine, then {"ready": true}')
    .addHelpText('after', '\nExample:\n  headframe sim --count 200 --seed 7\n  headframe sim --count 1 --fault drip');
  command.action((options) => run(async () => (await import('./commands/sim.ts')).simCommand(options))());
}

function replay(root: Command, run: Run): void {
  const command = subcommand(root, 'replay', 'Serve the recorded replies of a real machine on a real port.')
    .argument('<folder>', 'a folder of captured replies, or one that headframe record wrote')
    .option('--port <port>', 'the port to listen on (default: a free one)')
    .option('--password <password>', 'ask for this password on HTTP, as the device would (user root)')
    .option('--json', 'first line {"address": "127.0.0.1:PORT"}')
    .addHelpText('after', '\nExample:\n  headframe replay s19-in-row-4');
  command.action((folder: string, options) =>
    run(async () => (await import('./commands/replay.ts')).replayCommand(folder, options))(),
  );
}

function serve(root: Command, run: Run): void {
  const command = subcommand(root, 'serve', 'Run the daemon: polls machines, serves the web page, REST and metrics.')
    .option('--scan <range...>', 'find machines in these ranges and poll them')
    .option('--add <address...>', 'poll these machines')
    .option('--demo [count]', 'poll simulated machines, unless --scan or --add is given')
    .option('--port <port>', 'the port of the page', '4280')
    .option('--host <address>', 'the address to listen on', '127.0.0.1')
    .option('--interval <seconds>', 'how often each machine is read', '10')
    .option('--data <folder>', 'where the daemon keeps its files (default: .headframe in the checkout)')
    .option('--credentials <file>', CREDENTIALS)
    .option('--pools <file>', 'file with pool accounts by machine, for the doctor (README of the client)')
    .option('--log <level>', 'silent, error, warn, info or debug', 'warn')
    .addHelpText('after', '\nExample:\n  headframe serve --scan 192.168.1.0/24');
  command.action((options) => run(async () => (await import('./commands/serve.ts')).serveCommand(options))());
}

function stop(root: Command, run: Run): void {
  const command = subcommand(root, 'stop', 'Stop the daemon that runs on this data folder.')
    .option('--data <folder>', 'where the daemon keeps its files (default: .headframe in the checkout)')
    .addHelpText('after', '\nExample:\n  headframe stop');
  command.action((options) => run(async () => (await import('./commands/stop.ts')).stopCommand(options))());
}
