import { presets } from './config.ts';
import type { PresetName, TrainingConfig } from './config.ts';
import { formatSetting, parseSetting, valueAt, withValue } from './settingValues.ts';
import { settingsOf } from './settingsSchema.ts';

/** What a link says of a config: its preset and what differs from it by key, null for what does not and for earlier keys. */
export function linkOfConfig(config: TrainingConfig): Record<string, string | null> {
  const base = basePreset(config);
  const link: Record<string, string | null> = { preset: base === 'quick' ? null : base };
  for (const setting of settingsOf(config)) {
    const value = valueAt(config, setting.path);
    const text = formatSetting(setting, value, '.');
    const same = value === undefined || text === formatSetting(setting, valueAt(presets[base], setting.path), '.');
    link[setting.key] = same ? null : text;
    for (const alias of setting.aliases ?? []) link[alias] = null;
  }
  return link;
}

/**
 * The config that a link describes. What is missing or not understood comes from the preset; values that are not allowed are
 * kept, for `checkConfig` to explain. `preset` is 'custom' as soon as anything differs.
 */
export function configOfLink(link: Readonly<Record<string, string>>): TrainingConfig {
  let config = presets[presetNamed(link['preset'])];
  for (const setting of settingsOf(config)) {
    const written = [setting.key, ...(setting.aliases ?? [])].find((name) => link[name] !== undefined);
    const text = written === undefined ? undefined : link[written];
    const value = text === undefined ? undefined : parseSetting(setting, text, '.');
    if (value !== undefined) config = withValue(config, setting.path, value);
  }
  const changed = Object.entries(linkOfConfig(config)).some(([key, value]) => key !== 'preset' && value !== null);
  return changed ? { ...config, preset: 'custom' } : config;
}

/** The preset a config belongs to: its own, or for 'custom' the one with the most equal settings. */
export function basePreset(config: TrainingConfig): PresetName {
  if (config.preset !== 'custom') return config.preset;
  const distance = (name: PresetName): number =>
    settingsOf(config).filter(
      (setting) =>
        formatSetting(setting, valueAt(config, setting.path), '.') !==
        formatSetting(setting, valueAt(presets[name], setting.path), '.'),
    ).length;
  return (Object.keys(presets) as PresetName[]).reduce((best, name) => (distance(name) < distance(best) ? name : best));
}

function presetNamed(name: string | undefined): PresetName {
  return name !== undefined && Object.hasOwn(presets, name) ? (name as PresetName) : 'quick';
}
