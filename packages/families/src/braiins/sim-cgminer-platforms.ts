/** Names of platforms, by their number in the contract, as in the name of a program of the vendor: `bosminer-plus-am1-s9`. */
export const PLATFORMS: Readonly<Record<number, string>> = {
  1: 'am1-s9',
  3: 'am3-bbb',
  4: 'am3-aml',
  8: 'stm32mp157c-ii2-bmm1',
};
