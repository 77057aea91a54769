import { readProvenance } from './provenance.ts';
import type { Provenance } from './provenance.ts';
import { decodeSafetensors, SafetensorsError } from './safetensors.ts';

/** What a list of models shows of a file, without running it. */
export interface ModelCard {
  readonly role: 'student' | 'teacher';
  readonly parameters: number;
  /** Null when the file does not say. */
  readonly provenance: Provenance | null;
}

/** The card of a model file; null when it is none. Whether it can be run is for `decodeModel` to say. */
export function readModelCard(bytes: Uint8Array): ModelCard | null {
  try {
    const { tensors, metadata } = decodeSafetensors(bytes);
    const { role, provenance } = metadata;
    if (metadata['format'] !== 'petrichor' || (role !== 'student' && role !== 'teacher')) return null;
    const parameters = [...tensors.values()].reduce((sum, { data }) => sum + data.length, 0);
    return { role, parameters, provenance: provenance === undefined ? null : readProvenance(JSON.parse(provenance)) };
  } catch (error) {
    if (error instanceof SafetensorsError || error instanceof SyntaxError) return null;
    throw error;
  }
}
