/** The fields of a stored value, whatever it is: none where it is no object. */
export function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

export function areTexts(...values: readonly unknown[]): boolean {
  return values.every((value) => typeof value === 'string');
}

export function areNumbers(...values: readonly unknown[]): boolean {
  return values.every(Number.isFinite);
}
