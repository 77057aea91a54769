import { createStore } from 'idb-keyval';
import type { PhotoRole } from '../../protocol/libraryRecord.ts';

/**
 * Two databases, because idb-keyval keeps one store in each: records (small, listed whole) and image files (large, read one by
 * one). An image is written before the record that speaks of it, so a crash leaves no record without its image.
 */
export const catalogueStore = createStore('petrichor-catalogue', 'records');

/** Keys are `photoKey(id, role)`, values are Blobs of the files as given. */
export const photoStore = createStore('petrichor-photos', 'files');

export function photoKey(id: string, role: PhotoRole): string {
  return `${id}/${role}`;
}

/** The record that an image's key belongs to. */
export function idOfPhotoKey(key: string): string {
  return key.slice(0, key.lastIndexOf('/'));
}
