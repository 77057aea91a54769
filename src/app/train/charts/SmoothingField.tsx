import { SelectField } from '../../ui/SelectField.tsx';

/** β of the moving average of the curves. */
export const smoothings = { none: 0, some: 0.8, strong: 0.95, strongest: 0.99 } as const;
export type Smoothing = keyof typeof smoothings;

export interface SmoothingFieldProps {
  readonly value: Smoothing;
  readonly onChange: (value: Smoothing) => void;
}

/** How much curves are smoothed. */
export function SmoothingField({ value, onChange }: SmoothingFieldProps) {
  return (
    <SelectField
      label="Smoothing"
      hideLabel
      value={value}
      options={[
        { value: 'none', label: 'No smoothing' },
        { value: 'some', label: 'Some smoothing' },
        { value: 'strong', label: 'Strong smoothing' },
        { value: 'strongest', label: 'Strongest smoothing' },
      ]}
      onChange={onChange}
    />
  );
}
