/**
 * An error of a graphics device in one sentence. Engines append a trace of their own calls, which says nothing to a person: the first
 * line of the message is kept, and of an error of memory no line, since it names a call of the driver.
 */
export function deviceErrorReason(error: GPUError): string {
  const isMemory = typeof GPUOutOfMemoryError !== 'undefined' && error instanceof GPUOutOfMemoryError;
  if (isMemory) return 'It has no memory left.';
  const [first = ''] = error.message.trim().split('\n');
  return first || 'It gave no reason.';
}
