import { useId, useState } from 'react';
import type { ReactNode } from 'react';
import style from './NumberField.module.css';

export interface NumberFieldProps {
  readonly label: ReactNode;
  /** Name for screen readers where `label` is a symbol. */
  readonly name?: string;
  readonly value: number;
  readonly onChange: (value: number) => void;
  readonly unit?: string;
  /** Stands before the number: 'λ ='. */
  readonly symbol?: string;
  readonly hint?: string;
  /** What is wrong with the value, in words. */
  readonly problem?: string | undefined;
  readonly disabled?: boolean;
  /** Adds a slider underneath. */
  readonly slider?: { readonly min: number; readonly max: number; readonly step: number };
}

/** A number that is typed; whatever is a number is taken at once, whether it can be used is said underneath. */
export function NumberField({
  label,
  name,
  value,
  onChange,
  unit,
  symbol,
  hint,
  problem,
  disabled = false,
  slider,
}: NumberFieldProps) {
  const id = useId();
  const [typed, setTyped] = useState<string | null>(null);
  const number = typed === null ? value : parse(typed);
  const message = number === null ? 'must be a number' : problem;
  const notes = [hint ? `${id}-hint` : null, message ? `${id}-problem` : null].filter(Boolean).join(' ') || undefined;

  return (
    <div className={style.field}>
      <div className={style.row}>
        <label htmlFor={id}>{label}</label>
        <span className={style.figure}>
          {symbol && (
            <span className={style.unit} aria-hidden="true">
              {symbol}
            </span>
          )}
          <input
            id={id}
            type="text"
            inputMode="decimal"
            autoComplete="off"
            aria-label={name ? [name, unit].filter(Boolean).join(', ') : undefined}
            aria-invalid={message ? true : undefined}
            aria-describedby={notes}
            className={style.number}
            value={typed ?? String(value)}
            disabled={disabled}
            onChange={(event) => {
              setTyped(event.target.value);
              const next = parse(event.target.value);
              if (next !== null && next !== value) onChange(next);
            }}
            onBlur={() => setTyped(null)}
            onKeyDown={(event) => {
              if (event.key === 'Enter') setTyped(null);
            }}
          />
          {unit && <span className={style.unit}>{unit}</span>}
        </span>
      </div>
      {slider && (
        <input
          type="range"
          className={style.range}
          aria-label={name ?? (typeof label === 'string' ? label : undefined)}
          {...slider}
          value={Math.min(slider.max, Math.max(slider.min, value))}
          disabled={disabled}
          onChange={(event) => {
            setTyped(null);
            onChange(event.target.valueAsNumber);
          }}
        />
      )}
      <Notes id={id} hint={hint} message={message} />
    </div>
  );
}

interface NotesProps {
  readonly id: string;
  readonly hint: string | undefined;
  readonly message: string | undefined;
}

/** What stands under the field, which is described by it: a hint, and what is wrong. */
function Notes({ id, hint, message }: NotesProps) {
  return (
    <>
      {hint && (
        <p id={`${id}-hint`} className={style.hint}>
          {hint}
        </p>
      )}
      {message && (
        <p id={`${id}-problem`} className={style.problem} role="alert">
          {sentence(message)}
        </p>
      )}
    </>
  );
}

/** 'must be 1, not -3' → 'Must be 1, not −3.' */
function sentence(message: string): string {
  return `${message[0]!.toUpperCase()}${message.slice(1).replaceAll(/-(?=\d)/g, '−')}.`;
}

/** A number as people type it, decimal comma included; null when it is none. */
function parse(text: string): number | null {
  const value = Number(text.trim().replace(',', '.').replace('−', '-'));
  return text.trim() === '' || !Number.isFinite(value) ? null : value;
}
