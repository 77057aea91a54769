import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TrainingEvent } from '../src/core/training/events.ts';

/**
 * The events in a run folder's log, in order; none where there is no log. A last line that a killed run left half written is
 * passed over. Rejects with an Error that names the line when another one cannot be read.
 */
export async function eventsOf(folder: string): Promise<TrainingEvent[]> {
  const path = join(folder, 'log.jsonl');
  if (!existsSync(path)) return [];
  const lines = (await readFile(path, 'utf8')).split('\n');
  return lines.flatMap((line, i) => {
    if (line.trim() === '') return [];
    try {
      return [JSON.parse(line) as TrainingEvent];
    } catch (error) {
      if (i === lines.length - 1) return [];
      const hint = 'Take the line out, or move the folder away to train the run again.';
      throw new Error(`${path}, line ${i + 1} cannot be read. ${hint}`, { cause: error });
    }
  });
}
