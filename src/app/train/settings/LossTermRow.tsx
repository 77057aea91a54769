import { SwitchField } from '../../ui/SwitchField.tsx';
import { termNames } from '../run/annotations.ts';
import { NumberField } from './NumberField.tsx';
import type { LossTermText } from './lossTermTexts.tsx';
import style from './LossTermRow.module.css';

export interface LossTermRowProps {
  readonly text: LossTermText;
  readonly on: boolean;
  readonly weight: number;
  readonly onSwitch: (on: boolean) => void;
  readonly onWeight: (weight: number) => void;
  readonly problem?: string | undefined;
}

/** One term of the objective: its switch, what it asks for, its equation and its weight. */
export function LossTermRow({ text, on, weight, onSwitch, onWeight, problem }: LossTermRowProps) {
  const name = termNames[text.term];
  return (
    <div className={style.term} data-off={on ? undefined : true}>
      <SwitchField
        label={text.equation === null ? name : `${name} (${text.equation})`}
        checked={on}
        onChange={onSwitch}
        hint={text.says}
      />
      <NumberField
        label={text.formula}
        name={`${name}, ${text.symbol}`}
        symbol={text.symbol === 'weight' ? '×' : `${text.symbol} =`}
        value={weight}
        onChange={onWeight}
        problem={problem}
        {...(text.slider && { slider: text.slider })}
      />
    </div>
  );
}
