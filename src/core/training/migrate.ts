import type { Validated } from './events.ts';

type StoredValidated = Omit<Validated, 'images'> & ({ readonly images: number } | { readonly pictures: number });

/** A validation as a checkpoint or a log holds it; `images` was once named `pictures`. */
export function migrateValidated(stored: StoredValidated): Validated {
  if ('images' in stored) return stored;
  const { pictures, ...rest } = stored;
  return { ...rest, images: pictures };
}
