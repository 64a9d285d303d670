import { HeadframeError } from '@headframe/model';

/** Something that the person asked for and that does not fit. */
export const invalid = (detail: string, next?: string): HeadframeError =>
  new HeadframeError('usage/invalid', next === undefined ? { detail } : { detail, next });
