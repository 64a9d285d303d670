import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { VERDICTS } from '@headframe/diagnosis';
import { describe, expect, test } from 'vitest';
import { diagnosisPages } from '../scripts/diagnosis-pages.ts';

const pages = diagnosisPages();
const page = (code: string) => pages.get(`docs/diagnosis/${code}.md`) ?? '';
const onDisk = (path: string) => new URL(`../${path}`, import.meta.url);

test('each cause that the doctor can name has a page, with its row, and a line in the index', () => {
  for (const [code, row] of Object.entries(VERDICTS)) {
    expect(page(code), code).toMatch(/^<!-- Generated.*-->\n\n# .+\n\n`/);
    if (row !== null) expect(page(code)).toContain(`\`${code}\`, row ${row} of the decision table`);
    expect(page('README')).toContain(`| ${row ?? ''} | [\`${code}\`](${code}.md) |`);
  }
  expect(pages.size).toBe(Object.keys(VERDICTS).length + 1);
});

describe('the figures of the document stand on the page of their cause', () => {
  test.each([
    ['monitor.at-fault', ['12 %', '30 s']],
    ['address.moved', ['8 %']],
    ['network.filtered', ['14 %', 'UniFi', 'ASUS AiProtection', 'pfSense']],
    ['own-host.firewall', ['Windows Defender Firewall', 'Little Snitch', 'ufw']],
    ['resource.leak-periodic', ['60-96 h', '55 %', '30 s', '3 min', '20 MB', '90 %']],
    ['resource.exhausted', ['60 days', '20 MB', '90 %']],
    ['telemetry.only', ['2 min', '10 min']],
    ['board.boot-storage', ['115200 baud', 'squashfs error', 'mmcblk0: error', 'ubifs: error', 'Kernel panic']],
    ['board.to-repair', ['150 x 80 mm', '5 cm', '24 h burn-in', 'double-walled']],
    ['firmware.update-broke-api', ['BHB42xxx', 'SHA-256', 'service.bitmain.com/support/download']],
  ])('%s: %j', (code, figures) => {
    for (const figure of figures) expect(page(code)).toContain(figure);
  });
});

test('what differs by family stands apart: where the configuration is, the restart, the password', () => {
  expect(page('api.not-listening')).toMatch(/ {3}- Antminer \(stock firmware\): .*\/config\/cgminer\.conf/);
  expect(page('api.not-listening')).toMatch(/ {3}- DCENT_OS: .*\/data\/dcentrald\.toml/);
  expect(page('api.blocked')).toContain(
    '   - By hand, Braiins OS: `ssh root@<address> "/etc/init.d/bosminer restart"`',
  );
  expect(page('http.locked')).toMatch(/ {3}- WhatsMiner: a factory reset brings admin \/ admin back/);
  expect(page('axeos.refused')).toContain('Only: Bitaxe (AxeOS), NerdAxe and NerdQAxe.');
  expect(page('axeos.refused')).not.toContain('Antminer');
});

test('no page has anything in it that Markdown would take for HTML, nor the stand-ins of the generator', () => {
  for (const [path, text] of pages) {
    const prose = text.replace(/^<!--.*-->$/m, '').replaceAll(/`[^`\n]*`/g, '');
    expect(prose, path).not.toMatch(/[<>]/);
    expect(text, path).not.toMatch(/99999|undefined|(?<!\/dev\/)\bnull\b|nobody looked/);
    expect(text, path).toMatch(/[^\n]\n$/);
  }
});

test('docs/diagnosis is as the generator writes it, and holds nothing else', () => {
  for (const [path, text] of pages)
    expect(existsSync(onDisk(path)) && readFileSync(onDisk(path), 'utf8'), path).toBe(text);
  expect(
    readdirSync(onDisk('docs/diagnosis'))
      .map((name) => `docs/diagnosis/${name}`)
      .sort(),
  ).toEqual([...pages.keys()].sort());
});
