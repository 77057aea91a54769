import type { Checkpoint } from './checkpoint.ts';
import { noteStep } from './events.ts';
import type { LossPoint, RunNote, Validated } from './events.ts';

type Kept = Pick<Checkpoint, 'history' | 'validations' | 'notes'>;

/** What a run has to show so far: its losses, its scores and what happened on the way, each in the order of steps. */
export class RunHistory {
  private readonly history: LossPoint[];
  private readonly validations: Validated[];
  private readonly notes: RunNote[];

  constructor({ history, validations, notes }: Kept) {
    this.history = [...history];
    this.validations = [...validations];
    this.notes = [...notes];
  }

  addPoints(points: readonly LossPoint[]): void {
    this.history.push(...points);
  }

  addValidated(result: Validated): void {
    this.validations.push(result);
  }

  addNote(note: RunNote): void {
    this.notes.push(note);
  }

  /** The objective of every step so far. */
  objectives(): number[] {
    return this.history.map(({ objective }) => objective);
  }

  /** Whether the newest scores are of this step. */
  isValidatedAt(step: number): boolean {
    return this.validations.at(-1)?.step === step;
  }

  /** The student's highest PSNR at a validation, dB; −∞ before the first. */
  bestPsnr(): number {
    return Math.max(-Infinity, ...this.validations.map(({ psnr }) => psnr.student).filter(Number.isFinite));
  }

  /** Forgets all that came after a step. Returns the notes of it. */
  cutAfter(step: number): readonly RunNote[] {
    const beyond = this.history.findIndex((point) => point.step > step);
    if (beyond >= 0) this.history.length = beyond;
    while (this.validations.length && this.validations.at(-1)!.step > step) this.validations.pop();
    const first = this.notes.findIndex((note) => noteStep(note) > step);
    return first >= 0 ? this.notes.splice(first) : [];
  }

  /** As it is now; later steps change nothing in it. */
  copy(): Kept {
    return { history: [...this.history], validations: [...this.validations], notes: [...this.notes] };
  }
}

/** Whether the newest of these validations is of this step, and the student's PSNR was never higher. */
export function isBestAt(step: number, validations: readonly Validated[]): boolean {
  const last = validations.at(-1);
  return last?.step === step && validations.every(({ psnr }) => psnr.student <= last.psnr.student);
}
