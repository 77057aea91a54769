import type { Protection, Stroke } from '../../core/inference/protection.ts';

/** What is protected on a photo, with the strokes that led there, so that they can be taken back. */
export interface Protecting {
  readonly done: readonly Mark[];
  /** Taken back; the next to come again is the last. */
  readonly undone: readonly Mark[];
  /** What of `done` counts. */
  readonly strokes: Protection;
}

type Mark = Stroke | 'clear';

/** What a person does about it. */
export type ProtectionEdit = { readonly paint: Stroke } | 'undo' | 'redo' | 'clear';

export const unprotected: Protecting = { done: [], undone: [], strokes: [] };

/** The next state; the same one when there is nothing to do. */
export function editProtection(state: Protecting, edit: ProtectionEdit): Protecting {
  const { done, undone, strokes } = state;
  if (edit === 'undo') return done.length ? made(done.slice(0, -1), [...undone, done.at(-1)!]) : state;
  if (edit === 'redo') return undone.length ? made([...done, undone.at(-1)!], undone.slice(0, -1)) : state;
  if (edit === 'clear') return strokes.length ? made([...done, 'clear'], []) : state;
  return made([...done, edit.paint], []);
}

function made(done: readonly Mark[], undone: readonly Mark[]): Protecting {
  const strokes = done.slice(done.lastIndexOf('clear') + 1) as Stroke[];
  return { done, undone, strokes };
}

const ids = new WeakMap<Protection, string>();

/** A short text that differs where strokes do; empty when there are none. */
export function protectionId(strokes: Protection): string {
  if (strokes.length === 0) return '';
  let id = ids.get(strokes);
  if (id === undefined) {
    const text = JSON.stringify(strokes);
    id = `${hash(text, 0x811c9dc5)}${hash(text, 0x2545f491)}`;
    ids.set(strokes, id);
  }
  return id;
}

/** FNV-1a, 32 bits. */
function hash(text: string, seed: number): string {
  let value = seed;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return (value >>> 0).toString(16).padStart(8, '0');
}
