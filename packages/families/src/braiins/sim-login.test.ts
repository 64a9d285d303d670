import { describe, expect, test } from 'vitest';
import {
  ActionsService,
  ApiVersionService,
  AuthenticationService,
  LoginResponseSchema,
  MinerService,
} from './contract/index.ts';
import { HOUR, SECOND, Visitor, visitor } from './sim.testing.ts';

const { login, setPassword } = AuthenticationService.method;
const { getMinerDetails } = MinerService.method;
const NO_TOKEN = [16, 'Missing or invalid authentication token'];

describe('a login to BraiinsOS', () => {
  test('gives a token of 16 letters for an hour, in the reply and in a header', () => {
    const somebody = new Visitor();
    const reply = somebody.ask(login, { username: 'root', password: 'root' });
    expect(reply).toMatchObject({ token: expect.stringMatching(/^[A-Za-z0-9]{16}$/), timeoutS: 3600 });
    const { headers } = somebody.say(login, { username: 'root' });
    expect(headers?.authorization).toMatch(/^[A-Za-z0-9]{16}$/);
    expect(headers?.authorization).not.toBe(reply.token);
  });

  test('is for root alone', () => {
    expect(new Visitor().refusal(login, { username: 'admin', password: 'root' })[0]).toBe(16);
  });

  test('is not needed for the version and a login, and for all else', () => {
    const somebody = new Visitor();
    expect(somebody.ask(ApiVersionService.method.getApiVersion)).toMatchObject({
      major: 1n,
      minor: 11n,
      patch: 0n,
      pre: '',
    });
    expect(somebody.refusal(getMinerDetails)).toEqual(NO_TOKEN);
    expect(somebody.refusal(ActionsService.method.reboot)).toEqual(NO_TOKEN);
    somebody.token = 'AAAAAAAAAAAAAAAA';
    expect(somebody.refusal(getMinerDetails)).toEqual(NO_TOKEN);
  });

  test('holds as long as it is used within the hour', () => {
    const somebody = visitor();
    for (let i = 0; i < 3; i++) expect(somebody.after(HOUR - SECOND).ask(getMinerDetails).uid).toHaveLength(16);
    expect(somebody.after(HOUR).refusal(getMinerDetails)).toEqual(NO_TOKEN);
  });

  test('asks for the password once there is one, and no more when it was taken away', () => {
    const somebody = visitor();
    somebody.ask(setPassword, { password: 'correct horse' });
    expect(somebody.refusal(login, { username: 'root', password: 'root' })).toEqual([
      16,
      'Invalid username or password',
    ]);
    expect(somebody.refusal(login, { username: 'root' })[0]).toBe(16);
    expect(somebody.ask(login, { username: 'root', password: 'correct horse' }).timeoutS).toBe(3600);
    somebody.ask(setPassword, {});
    expect(somebody.ask(login, { username: 'root', password: 'anything' }).timeoutS).toBe(3600);
  });

  test('is lost when the machine starts anew', () => {
    const somebody = visitor();
    somebody.ask(ActionsService.method.reboot);
    expect(somebody.after(60 * SECOND).refusal(getMinerDetails)).toEqual(NO_TOKEN);
  });
});

describe('odd logins', () => {
  test('before 24.04 the token is in the header alone', () => {
    const old = new Visitor({ name: 's19j-pro-23.12' });
    const { headers, messages } = old.say(login, { username: 'root' });
    expect(messages[0]).toHaveLength(0);
    old.token = headers?.authorization ?? null;
    expect(old.ask(getMinerDetails).minerIdentity?.name).toBe('Antminer S19J Pro');
  });

  test('so it is with the quirk token-in-header on any release', () => {
    const said = new Visitor({ quirks: { 'token-in-header': true } }).say(login, { username: 'root' });
    expect(said.messages[0]).toHaveLength(0);
    expect(said.headers?.authorization).toHaveLength(16);
  });

  test('with tokens-short-lived a token ends after five calls, or after two seconds', () => {
    const somebody = visitor({ quirks: { 'tokens-short-lived': true } });
    expect(somebody.ask(login, { username: 'root' })).toMatchObject({
      $typeName: LoginResponseSchema.typeName,
      timeoutS: 2,
    });
    for (let i = 0; i < 5; i++) somebody.ask(getMinerDetails);
    expect(somebody.refusal(getMinerDetails)).toEqual(NO_TOKEN);
    somebody.login().after(1900).ask(getMinerDetails);
    expect(somebody.after(100).refusal(getMinerDetails)).toEqual(NO_TOKEN);
  });

  test('with own-password the default login fails', () => {
    const somebody = new Visitor({ quirks: { 'own-password': true } });
    expect(somebody.refusal(login, { username: 'root' })[0]).toBe(16);
    expect(somebody.refusal(login, { username: 'root', password: 'root' })[0]).toBe(16);
    expect(somebody.ask(login, { username: 'root', password: 'letmein' }).token).toHaveLength(16);
  });
});
