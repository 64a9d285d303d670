import type { Family } from '@headframe/model';

/** Every family, one line each. A test holds this list to the folders. */
export const families: readonly Family[] = [];

export function familyById(id: string): Family | undefined {
  return families.find((family) => family.id === id);
}
