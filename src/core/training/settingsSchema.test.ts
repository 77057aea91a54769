import { describe, expect, it } from 'vitest';
import { checkConfig, presets } from './config.ts';
import { formatSetting, parseSetting, problemOf, valueAt, withValue } from './settingValues.ts';
import { liveSettings, settingsOf } from './settingsSchema.ts';

const table = settingsOf(presets.paper);

/** Paths of all values of a config that are no objects. */
function leavesOf(part: object, before = ''): string[] {
  return Object.entries(part).flatMap(([name, value]) =>
    typeof value === 'object' && !Array.isArray(value) ? leavesOf(value, `${before}${name}.`) : [before + name],
  );
}

describe('the table of settings', () => {
  it('describes every value of a config, and nothing that is not there', () => {
    const described = table.filter(({ optional }) => !optional).map(({ path }) => path);
    const paths = new Set(leavesOf(presets.paper));
    paths.delete('preset');
    for (const { path, optional } of table) if (optional) paths.delete(path);
    expect(described.sort()).toEqual([...paths].sort());
  });

  it('gives every setting a place, a key and a label of its own', () => {
    for (const name of ['path', 'key'] as const) {
      const all = table.map((setting) => setting[name]);
      expect(new Set(all).size).toBe(all.length);
    }
    expect(table.filter(({ label }) => label.trim() === '')).toEqual([]);
    expect(table.map(({ key }) => key)).not.toContain('preset');
  });

  it('keeps sliders within what training accepts', () => {
    for (const setting of table) {
      if (setting.kind !== 'number' && setting.kind !== 'whole') continue;
      const { slider, min, max } = setting;
      if (slider) expect([slider.min >= min, slider.max <= max, slider.step > 0]).toEqual([true, true, true]);
    }
  });

  it('says which settings may change while training runs', () => {
    expect(liveSettings.map(({ key }) => key)).toEqual([
      'lambda',
      'phi',
      'content',
      'reconstruction',
      'tv',
      'cycle',
      'distillation',
      'labelled',
      'rate',
      'kernel',
      'disabledTerms',
    ]);
  });

  it('falls back to the settings of the default architecture for one that adds none', () => {
    expect(settingsOf({ networks: { architecture: 'toy' } })).toEqual(table);
  });
});

describe('a value', () => {
  it('reads back what it wrote, in links and on the command line', () => {
    for (const setting of table) {
      const value = valueAt(presets.paper, setting.path) ?? (setting.kind === 'list' ? [] : undefined);
      if (value === undefined) continue;
      for (const separator of ['.', ','] as const) {
        expect(parseSetting(setting, formatSetting(setting, value, separator), separator)).toEqual(value);
      }
    }
  });

  it('is refused just outside its bounds, and taken on them', () => {
    for (const setting of table) {
      if (setting.kind !== 'number' && setting.kind !== 'whole') continue;
      const problems = (value: number) =>
        checkConfig(withValue(presets.paper, setting.path, value)).filter(({ path }) => path === setting.path);
      expect(problemOf(setting, setting.min)).toBeNull();
      expect(problemOf(setting, setting.max)).toBeNull();
      expect(problems(setting.min - 1)).toHaveLength(1);
      expect(problems(setting.max + 1).length).toBeGreaterThan(0);
      expect(problems(Number.NaN)).toHaveLength(1);
    }
  });

  it('explains a word, a switch and a list that it does not know', () => {
    const problemAt = (path: string, value: unknown) =>
      checkConfig(withValue(presets.quick, path, value)).map(({ message }) => message);
    expect(problemAt('hyperparameters.kernelSize', 4)).toEqual(['must be 3, 5 or 7']);
    expect(problemAt('hyperparameters.disabledTerms', ['tv', 'wetness'])).toEqual(['names unknown terms: wetness']);
    expect(problemAt('networks.imageSkip', 'yes')).toEqual(['must be true or false']);
    expect(problemAt('run.microBatches', 3)).toEqual([
      'must divide the 4 images of a step evenly, or be 0 to be chosen, not 3',
    ]);
    expect(problemAt('networks.teacherBlocks', undefined)).toEqual([]);
  });
});
