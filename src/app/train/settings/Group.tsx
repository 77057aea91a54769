import { useId } from 'react';
import type { ReactNode } from 'react';
import { SwitchField } from '../../ui/SwitchField.tsx';
import { NumberField } from './NumberField.tsx';
import style from './SettingsPanel.module.css';
import type { Settings } from './useSettings.ts';

export interface GroupProps {
  readonly title: string;
  /** Why its fields cannot be changed now; null when they can. */
  readonly lock?: string | null;
  readonly open?: boolean;
  readonly children: ReactNode;
}

/** A part of the settings that folds. */
export function Group({ title, lock, open = false, children }: GroupProps) {
  const id = useId();
  return (
    <details className={style.group} open={open}>
      <summary className={style.summary}>
        <h2 id={id} className={style.title}>
          {title}
        </h2>
      </summary>
      <div role="group" aria-labelledby={id} className={style.fields}>
        {lock && <p className={style.lock}>{lock}</p>}
        {children}
      </div>
    </details>
  );
}

export interface SettingFieldProps {
  readonly settings: Settings;
  /** Key of the setting. */
  readonly of: string;
  /** In place of the explanation in the table. */
  readonly hint?: string;
}

/** A number or a switch of the config, as the table of settings describes it. */
export function SettingField({ settings, of, hint }: SettingFieldProps) {
  const setting = settings.setting(of);
  const explained = hint ?? setting.hint;
  if (setting.kind === 'switch') {
    return (
      <SwitchField
        label={setting.label}
        checked={settings.value(of) === true}
        onChange={(on) => settings.change(of, on)}
        disabled={settings.locked(of)}
        {...(explained && { hint: explained })}
      />
    );
  }
  const { label, unit, symbol } = setting;
  return (
    <NumberField
      label={label}
      value={settings.value(of) as number}
      onChange={(value) => settings.change(of, value)}
      problem={settings.problem(of)}
      disabled={settings.locked(of)}
      {...(unit && { unit })}
      {...(symbol && { symbol })}
      {...(explained && { hint: explained })}
    />
  );
}
