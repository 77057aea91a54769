import { describe, expect, it } from 'vitest';
import { migrateSaveChoice, soundSaveChoice } from './saveChoice.ts';

describe('how results are written, as it was stored', () => {
  it('by the first version: its standard format gives way to the original’s, a suffix becomes a pattern', () => {
    const stored = { format: 'image/png', quality: 80, keepMetadata: false, suffix: '-dry' };
    const choice = { quality: 80, keepMetadata: false, pattern: '{name}-dry' };
    expect(migrateSaveChoice(stored)).toEqual(choice);
    expect(migrateSaveChoice({ ...stored, format: 'image/webp' })).toEqual({ ...choice, format: 'image/webp' });
    expect(soundSaveChoice(migrateSaveChoice(null) as object)).toEqual({});
  });

  it('by anyone: what makes no sense is left out', () => {
    const sound = { format: 'original', quality: 1, keepMetadata: true, pattern: '' } as const;
    expect(soundSaveChoice(sound)).toEqual(sound);
    expect(soundSaveChoice({ format: 'image/gif' as never, quality: 0, keepMetadata: 1 as never })).toEqual({});
  });
});
