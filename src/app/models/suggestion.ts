import { create } from 'zustand';
import { persist } from 'zustand/middleware';
import type { ModelChoice } from './registry.ts';

/** The longest that 12 megapixels may take with a student that nobody chose, seconds: a sample of 1.7 megapixels then takes 9. */
const LONGEST_SECONDS = 60;

interface StudentSpeeds {
  /** Seconds for 12 megapixels, by backend choice and model id (`speedKey`). */
  readonly seconds: Readonly<Record<string, number>>;
}

/** How fast students are on this device, as far as it was measured; remembered between visits. */
export const useStudentSpeeds = create<StudentSpeeds>()(
  persist(() => ({ seconds: {} }), {
    name: 'student-speeds',
    merge: (stored, initial) => {
      const { seconds } = (stored ?? {}) as { readonly seconds?: unknown };
      const entries = seconds && typeof seconds === 'object' ? Object.entries(seconds) : [];
      return { ...initial, seconds: Object.fromEntries(entries.filter(([, value]) => Number(value) > 0)) };
    },
  }),
);

/** Notes a measurement; one that nobody asked for does not replace an earlier one, so that the suggestion stays. */
export function noteSpeed(model: string, backend: string, seconds: number, isAsked: boolean): void {
  const key = speedKey(model, backend);
  useStudentSpeeds.setState(({ seconds: known }) =>
    known[key] !== undefined && !isAsked ? { seconds: known } : { seconds: { ...known, [key]: seconds } },
  );
}

function speedKey(model: string, backend: string): string {
  return `${backend} ${model}`;
}

/** The student to begin with, and the better one that it stands in for because that takes too long here. */
export interface Suggestion {
  readonly model: ModelChoice | null;
  readonly insteadOf: { readonly model: ModelChoice; readonly seconds: number } | null;
}

/**
 * The first bundled student, the best there is; where 12 megapixels take it longer than a minute the next one, which is lighter.
 * Without bundled ones the newest of one's own. `seconds` as in `StudentSpeeds`.
 */
export function suggestStudent(
  models: readonly ModelChoice[] | null,
  backend: string,
  seconds: StudentSpeeds['seconds'],
): Suggestion {
  const students = models?.filter(({ role }) => role === 'student') ?? [];
  const [best, lighter] = students.filter(({ id }) => id.startsWith('shipped:'));
  if (!best) return { model: students[0] ?? null, insteadOf: null };
  const known = seconds[speedKey(best.id, backend)];
  if (!lighter || known === undefined || known <= LONGEST_SECONDS) return { model: best, insteadOf: null };
  return { model: lighter, insteadOf: { model: best, seconds: known } };
}
