import { expect, test } from 'vitest';
import { isMinerVendor, makerOf } from './card-maker.ts';

test('makers of miners and of their boards are known as such', () => {
  const names = [
    'Bitmain Technologies Inc',
    'BITMAIN DEVELOPMENT PTE. LTD.',
    'Shenzhen MicroBT Electronics',
    'Canaan Inc.',
  ];
  const boards = [
    'Espressif Systems (Singapore) Pte. Ltd',
    'Xilinx, Inc',
    'Amlogic, Inc.',
    'Allwinner Technology Co., Ltd',
  ];
  for (const name of [...names, ...boards]) expect([name, isMinerVendor(name)]).toEqual([name, true]);
});

test('makers of printers, phones, televisions and routers make no miners', () => {
  const printers = ['HP Inc.', 'Hewlett Packard', 'Brother industries, LTD.', 'CANON INC.', 'Seiko Epson Corporation'];
  const others = [
    'XEROX CORPORATION',
    'Apple, Inc.',
    'Samsung Electronics Co.,Ltd',
    'Cisco Systems, Inc',
    'Sony Corporation',
  ];
  for (const name of [...printers, ...others]) expect([name, isMinerVendor(name)]).toEqual([name, false]);
});

test('a card that may be in a miner and in anything else tells nothing', () => {
  const names = ['REALTEK SEMICONDUCTOR CORP.', 'Intel Corporate', 'ASUSTek COMPUTER INC.', 'Texas Instruments'];
  const alike = [
    'HPRO-Video',
    'Intellicon Private Limited',
    'Applied Micro Circuits',
    'HP Tuners LLC',
    'AVM ELECTRONICS PTE LTD',
  ];
  for (const name of [...names, ...alike]) {
    expect([name, isMinerVendor(name)]).toEqual([name, null]);
  }
});

test('a MAC of a registered block has the first line of the register as its maker', async () => {
  expect(await makerOf('00:00:00:12:34:56')).toEqual({ vendor: 'XEROX CORPORATION', isMinerVendor: false });
});

test('a block that the registers do not know, and one without a public owner, have none', async () => {
  expect(await makerOf('fc:ff:ff:12:34:56')).toEqual({ vendor: null, isMinerVendor: null });
  expect(await makerOf('02:00:00:12:34:56')).toEqual({ vendor: null, isMinerVendor: null });
});
