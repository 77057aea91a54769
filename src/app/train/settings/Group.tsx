import { useId } from 'react';
import type { ReactNode } from 'react';
import { NumberField } from './NumberField.tsx';
import type { NumberFieldProps } from './NumberField.tsx';
import { numberPaths } from '../run/settingKeys.ts';
import type { NumberKey } from '../run/settingKeys.ts';
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

export interface FigureProps extends Pick<NumberFieldProps, 'label' | 'unit' | 'hint' | 'symbol'> {
  readonly settings: Settings;
  readonly of: NumberKey;
}

/** A number of the config by its key, with the problem at the field and locked while it cannot change. */
export function Figure({ settings, of, ...rest }: FigureProps) {
  return (
    <NumberField
      value={settings.number(of)}
      onChange={(value) => settings.setNumber(of, value)}
      problem={settings.problemAt(numberPaths[of])}
      disabled={settings.locked(numberPaths[of])}
      {...rest}
    />
  );
}
