import { useId } from 'react';
import style from './Field.module.css';
import type { Option } from './SelectField.tsx';
import { VisuallyHidden } from './VisuallyHidden.tsx';

export interface SegmentedControlProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly options: readonly Option<Value>[];
  readonly onChange: (value: Value) => void;
  readonly hideLabel?: boolean;
}

/** One of a few, all in sight. Native radio buttons underneath, so arrow keys move and screen readers count. */
export function SegmentedControl<Value extends string>({
  label,
  value,
  options,
  onChange,
  hideLabel,
}: SegmentedControlProps<Value>) {
  const name = useId();
  return (
    <fieldset className={style.field}>
      <legend className={style.legend}>{hideLabel ? <VisuallyHidden>{label}</VisuallyHidden> : label}</legend>
      <div className={style.segments}>
        {options.map((option) => (
          <label key={option.value} className={style.segment}>
            <input
              type="radio"
              name={name}
              value={option.value}
              checked={option.value === value}
              disabled={option.disabled}
              onChange={() => onChange(option.value)}
            />
            {option.label}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
