import type { NumberSetting } from '../../../core/training/settingKinds.ts';
import { SwitchField } from '../../ui/SwitchField.tsx';
import { termNames } from '../run/annotations.ts';
import { NumberField } from './NumberField.tsx';
import type { LossTermText } from '../run/lossTermTexts.tsx';
import style from './LossTermRow.module.css';
import type { Settings } from './useSettings.ts';

export interface LossTermRowProps {
  readonly text: LossTermText;
  readonly settings: Settings;
}

/** One term of the objective: its switch, what it asks for, its equation and its weight. */
export function LossTermRow({ text, settings }: LossTermRowProps) {
  const { term, equation, says, formula, weight, symbol } = text;
  const name = termNames[term];
  const on = !settings.config.hyperparameters.disabledTerms.includes(term);
  const { slider } = settings.setting(weight) as NumberSetting;
  return (
    <div className={style.term} data-off={on ? undefined : true}>
      <SwitchField
        label={equation === null ? name : `${name} (${equation})`}
        checked={on}
        onChange={(next) => settings.switchTerm(term, next)}
        hint={says}
      />
      <div className={style.formula}>{formula}</div>
      <NumberField
        label={symbol === 'weight' ? 'Weight' : `Weight ${symbol}`}
        name={`${name}, ${symbol}`}
        value={settings.value(weight) as number}
        onChange={(value) => settings.change(weight, value)}
        problem={settings.problem(weight)}
        {...(slider && { slider })}
      />
    </div>
  );
}
