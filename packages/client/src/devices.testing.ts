import type { RequestListener } from 'node:http';
import type { OnConnection } from './links/loopback.testing.ts';

/*
 * The smallest devices that a family can be told by, typed to protocols.md 1.3, 2.1 and 8. They answer what is listed
 * and refuse everything else with code 14.
 */

const status = (code: number, msg: string, letter = 'S', description = 'cgminer 1.0.0') =>
  `"STATUS":[{"STATUS":"${letter}","When":1790000000,"Code":${code},"Msg":"${msg}","Description":"${description}"}]`;

const ANTMINER: Readonly<Record<string, string>> = {
  version: `{${status(22, 'CGMiner versions')},"VERSION":[{"BMMiner":"2.0.0","API":"3.1","Miner":"49.0.1.3","CompileTime":"Tue Dec  6 16:12:30 CST 2022","Type":"Antminer S19 Pro"}],"id":1}`,
  summary: `{${status(11, 'Summary')},"SUMMARY":[{"Elapsed":3600,"GHS 5s":110000.5,"GHS av":109000.25,"Accepted":12,"Rejected":1,"Stale":0,"Hardware Errors":3,"Best Share":1000}],"id":1}`,
  pools: `{${status(7, '1 Pool(s)')},"POOLS":[{"POOL":0,"URL":"stratum+tcp://pool.example:3333","User":"acct.rig1","Status":"Alive","Priority":0,"Stratum Active":true,"Accepted":12,"Rejected":1,"Stale":0}],"id":1}`,
  stats: `{${status(70, 'CGMiner stats')},"STATS":[{"BMMiner":"2.0.0","Type":"Antminer S19 Pro"},{"STATS":0,"ID":"BTM_SOC0","Elapsed":3600,"miner_count":0,"fan_num":0,"rate_unit":"GH","total_rateideal":110000.0}],"id":1}`,
};

const LUXOS: Readonly<Record<string, string>> = {
  version: `{${status(22, 'LUXminer versions', 'S', 'LUXminer 2025.4.8')},"VERSION":[{"API":"3.7","LUXminer":"2025.4.8","Miner":"LUXminer","Type":"Antminer S19k Pro"}],"id":1}`,
};

const CGMINER: Readonly<Record<string, string>> = {
  version: `{${status(22, 'CGMiner versions', 'S', 'cgminer 4.11.1')},"VERSION":[{"CGMiner":"4.11.1","API":"3.7"}],"id":1}`,
  summary: `{${status(11, 'Summary', 'S', 'cgminer 4.11.1')},"SUMMARY":[{"Elapsed":60,"MHS 5s":100.0,"MHS av":90.0,"Accepted":1,"Rejected":0}],"id":1}`,
};

export const DEVICES = { antminer: ANTMINER, luxos: LUXOS, cgminer: CGMINER };

/**
 * A program that answers like one of {@link DEVICES}: one request per connection, NUL, close. Joins are answered in
 * cgminer's joined shape.
 * @param asked collects what was asked
 */
export function cgminerProgram(replies: Readonly<Record<string, string>>, asked: string[] = []): OnConnection {
  return (socket) => {
    socket.once('data', (bytes) => {
      const request = bytes.toString('latin1');
      let command = request;
      try {
        command = (JSON.parse(request) as { command: string }).command;
      } catch {
        // Text, HTTP and the like: an invalid command.
        socket.end(`STATUS=E,When=1790000000,Code=14,Msg=Invalid command,Description=cgminer 4.11.1|\0`);
        return;
      }
      asked.push(command);
      socket.end(`${answerTo(replies, command)}\0`);
    });
  };
}

const refusal = `{${status(14, 'Invalid command', 'E')},"id":1}`;

function answerTo(replies: Readonly<Record<string, string>>, command: string): string {
  if (!command.includes('+')) return replies[command] ?? refusal;
  const slots = command.split('+').map((name) => `"${name}":[${replies[name] ?? refusal}]`);
  return `{${slots.join(',')},"id":1}`;
}

/** A web page of one kind. */
export const page =
  (status: number, headers: Record<string, string>, body = ''): RequestListener =>
  (_request, response) => {
    response.writeHead(status, headers).end(body);
  };

/** The digest login of a stock Antminer (protocols.md 2.2): every path wants a password. */
export const antminerLogin = page(401, {
  'WWW-Authenticate': 'Digest realm="antMiner Configuration", nonce="5f2c", qop="auth"',
});
