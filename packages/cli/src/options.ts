import { HeadframeError } from '@headframe/model';

/** A whole number from the command line. @throws usage/invalid naming the range */
export function wholeNumber(text: string, name: string, from: number, to: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= from && value <= to) return value;
  throw new HeadframeError('usage/invalid', {
    detail: `${name} takes a whole number from ${from} to ${to}, not "${text}"`,
  });
}

/** Seconds from the command line, as milliseconds. @throws usage/invalid naming the range */
export function secondsAsMs(text: string, name: string, from: number, to: number): number {
  const value = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && value >= from && value <= to) return value * 1000;
  throw new HeadframeError('usage/invalid', { detail: `${name} takes ${from} to ${to} seconds, not "${text}"` });
}
