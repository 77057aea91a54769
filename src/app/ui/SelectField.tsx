import { useId } from 'react';
import style from './Field.module.css';
import { Icon } from './Icon.tsx';
import { VisuallyHidden } from './VisuallyHidden.tsx';

export interface Option<Value extends string> {
  readonly value: Value;
  readonly label: string;
  readonly disabled?: boolean;
}

export interface SelectFieldProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly options: readonly Option<Value>[];
  readonly onChange: (value: Value) => void;
  readonly hint?: string;
  readonly hideLabel?: boolean;
  readonly disabled?: boolean;
}

/** One of several, from a native list. */
export function SelectField<Value extends string>({
  label,
  value,
  options,
  onChange,
  hint,
  hideLabel,
  disabled,
}: SelectFieldProps<Value>) {
  const id = useId();
  const hintId = hint ? `${id}-hint` : undefined;
  const name = (
    <label htmlFor={id} className={style.label}>
      {label}
    </label>
  );
  return (
    <div className={style.field}>
      {hideLabel ? <VisuallyHidden>{name}</VisuallyHidden> : name}
      <div className={style.selectFrame}>
        <select
          id={id}
          className={style.select}
          value={value}
          disabled={disabled}
          aria-describedby={hintId}
          onChange={(event) => onChange(event.target.value as Value)}
        >
          {options.map((option) => (
            <option key={option.value} value={option.value} disabled={option.disabled}>
              {option.label}
            </option>
          ))}
        </select>
        <Icon name="chevronDown" size={16} />
      </div>
      {hint && (
        <p id={hintId} className={style.hint}>
          {hint}
        </p>
      )}
    </div>
  );
}
