import type { UserError } from '../../../protocol/derainer.ts';

/** An expected error, on its way to where it is told. */
export class CallError extends Error {
  constructor(readonly error: { readonly reason: string; readonly hint: string }) {
    super(error.reason);
  }
}

/** The worker's answer, where it did not refuse. Throws a CallError. */
export function accepted<Answer extends { readonly refused: boolean }>(
  answer: Answer,
): Exclude<Answer, { readonly refused: true }> {
  if (answer.refused) throw new CallError(answer as unknown as UserError);
  return answer as Exclude<Answer, { readonly refused: true }>;
}

/** The file that the worker wrote. Throws a CallError. */
export function written(answer: Blob | UserError): Blob {
  if (answer instanceof Blob) return answer;
  throw new CallError(answer);
}

/** What any error says to a person. */
export function errorWords(error: unknown): { readonly reason: string; readonly hint: string } {
  if (error instanceof CallError) return { reason: error.error.reason, hint: error.error.hint };
  const reason = error instanceof Error ? error.message : String(error);
  return { reason, hint: 'Try again; a smaller photo or another backend may help.' };
}
