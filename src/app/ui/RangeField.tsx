import { useId, useState } from 'react';
import style from './Field.module.css';
import { withUnit } from './format.ts';

export interface RangeFieldProps {
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly onChange: (value: number) => void;
  /** Shown after the number: '%', 'px', '°'. */
  readonly unit?: string;
  /** One line of explanation under the field. */
  readonly hint?: string;
  readonly disabled?: boolean;
}

/** A slider with its number beside it; both set the same value. The number is clamped and snapped on leaving it or on Enter. */
export function RangeField({ label, value, min, max, step, onChange, unit, hint, disabled }: RangeFieldProps) {
  const id = useId();
  const [draft, setDraft] = useState<string | null>(null);
  const hintId = hint ? `${id}-hint` : undefined;

  const commit = () => {
    if (draft === null) return;
    setDraft(null);
    const typed = Number(draft.replace(',', '.'));
    if (draft.trim() !== '' && Number.isFinite(typed)) onChange(snap(typed, min, max, step));
  };

  return (
    <div className={style.field}>
      <div className={style.row}>
        <label htmlFor={id} className={style.label}>
          {label}
        </label>
        <span className={style.figure}>
          <input
            type="text"
            inputMode="decimal"
            aria-label={unit ? `${label}, ${unit}` : label}
            className={style.number}
            value={draft ?? formatStep(value, step)}
            disabled={disabled}
            onChange={(event) => setDraft(event.target.value)}
            onBlur={commit}
            onKeyDown={(event) => {
              if (event.key === 'Enter') commit();
              if (event.key === 'Escape') setDraft(null);
            }}
          />
          {unit && <span className={style.unit}>{unit}</span>}
        </span>
      </div>
      <input
        id={id}
        type="range"
        className={style.range}
        min={min}
        max={max}
        step={step}
        value={value}
        disabled={disabled}
        aria-describedby={hintId}
        aria-valuetext={withUnit(formatStep(value, step), unit ?? '')}
        onChange={(event) => onChange(event.target.valueAsNumber)}
      />
      {hint && (
        <p id={hintId} className={style.hint}>
          {hint}
        </p>
      )}
    </div>
  );
}

/** The allowed value nearest to `typed`: within min…max and a whole number of steps from min. */
export function snap(typed: number, min: number, max: number, step: number): number {
  const steps = Math.round((Math.min(max, Math.max(min, typed)) - min) / step);
  return Number(Math.min(max, min + steps * step).toFixed(10));
}

/** `value` with as many decimals as its step has. */
function formatStep(value: number, step: number): string {
  const decimals = Math.max(0, Math.ceil(-Math.log10(step) - 1e-9));
  return value.toFixed(decimals);
}
