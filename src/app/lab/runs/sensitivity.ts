/** Where the variants stand on the axis of the setting that they vary. */
export interface Places {
  /** By value; else side by side, by name. */
  readonly isNumeric: boolean;
  readonly places: readonly number[];
}

/** By their values, where every variant has one: one without (a term switched off) has no place among numbers. */
export function placesOf(values: readonly (number | null)[]): Places {
  const numbers = values.filter((value) => value !== null);
  if (numbers.length > 1 && numbers.length === values.length) return { isNumeric: true, places: numbers };
  return { isNumeric: false, places: values.map((_, i) => i) };
}

/** 'Effect of λ', 'Effect of the size of the kernels k'. A label begins with a capital unless it is a symbol. */
export function effectTitle(label: string | null): string {
  if (label === null) return 'Effect of the variants';
  return `Effect of ${/^[A-Z][a-z]/.test(label) ? `the ${label[0]!.toLowerCase()}${label.slice(1)}` : label}`;
}
