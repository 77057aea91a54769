import type { RainEstimate } from '../../core/rain/estimateRain.ts';
import type { RainMap } from '../../core/training/foundRain.ts';
import type { AdapterEvent, AdaptJob } from '../../protocol/adapter.ts';
import type { StageMode } from '../stage/Stage.tsx';

/** A photo of the queue. */
export interface PhotoName {
  readonly id: string;
  readonly name: string;
}

/** What is wrong, and what the person can do; whole sentences. */
interface AdaptError {
  readonly reason: string;
  readonly hint: string;
}

/** What of the view is changed to show two students side by side. */
interface View {
  /** What lies on the right, or alone. */
  readonly show: string;
  /** What lies on the left. */
  readonly compare: string;
  readonly mode: StageMode;
}

/** A student being adapted to a photo, from the button to its being kept or discarded. */
export type Adapting =
  | { readonly phase: 'idle' }
  | {
      readonly phase: 'working';
      readonly photo: PhotoName;
      /** Null until it was estimated. */
      readonly rain: RainEstimate | null;
      /** Share of the time that is over, 0…1; null before it begins. */
      readonly share: number | null;
      readonly isStopping: boolean;
    }
  | {
      readonly phase: 'offered';
      readonly photo: PhotoName;
      /** Ids of the student that it was made of and of its own, which is in this tab alone until it is kept. */
      readonly base: string;
      readonly candidate: string;
      readonly file: ArrayBuffer;
      /** The view as it was before. */
      readonly view: View;
      readonly isKeeping: boolean;
      /** Why it could not be kept. */
      readonly error: AdaptError | null;
    }
  | { readonly phase: 'ended'; readonly photo: PhotoName; readonly isRefused: boolean; readonly error: AdaptError };

/** What adapting needs of the page. */
export interface AdaptPorts {
  get(): Adapting;
  set(state: Adapting): void;
  /** The rain that a model found on a photo, computed once more where it is not at hand. */
  rainMap(photo: string, model: string): Promise<RainMap | AdaptError>;
  modelFile(id: string): Promise<Blob | AdaptError>;
  cleanImages(): Promise<readonly Blob[]>;
  adapt(job: Omit<AdaptJob, 'backend'>, onEvents: (events: readonly AdapterEvent[]) => void): Promise<void>;
  stop(): Promise<void>;
  /** Lists a student for this visit. Its id, or why it is none. */
  list(title: string, file: ArrayBuffer): Promise<{ readonly id: string } | AdaptError>;
  unlist(id: string): Promise<void>;
  /** Stores a student in this browser. Its id, or why it cannot be stored. */
  store(title: string, file: ArrayBuffer, photo: string, base: string): Promise<{ readonly id: string } | AdaptError>;
  view(): View;
  changeView(change: Partial<View> & { readonly model?: string }): void;
}

/** 'rain/IMG_1.jpg' → 'Adapted to IMG_1'. */
export function adaptedTitle(name: string): string {
  return `Adapted to ${name.replace(/^.*[\\/]/, '').replace(/\.[a-z0-9]{1,5}$/i, '') || 'a photo'}`;
}

/** What kind of rain was found, in a line. */
export function rainWords({ angle, length, width }: RainEstimate): string {
  const lean = Math.round(Math.abs(angle - 90));
  const way = lean < 3 ? 'falling straight' : `leaning ${lean}° to the ${angle < 90 ? 'right' : 'left'}`;
  return `Streaks about ${Math.round(length)} × ${Math.max(1, Math.round(width))} pixels, ${way}.`;
}

/** Adapts a student to a photo, and shows both students on it when it is done. One at a time. */
export async function adaptTo(ports: AdaptPorts, photo: PhotoName, base: string, seconds: number): Promise<void> {
  if (ports.get().phase === 'working' || ports.get().phase === 'offered') return;
  const { id, name } = photo;
  const working = { phase: 'working', photo: { id, name }, rain: null, share: null, isStopping: false } as const;
  ports.set(working);
  try {
    const ending = await run(ports, working.photo, base, seconds);
    if (ending.type === 'studentAdapted') await offer(ports, working.photo, base, ending.file);
    else if (ending.type === 'adaptStopped') ports.set({ phase: 'idle' });
    else end(ports, working.photo, ending, ending.type === 'adaptRefused');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    end(ports, working.photo, { reason, hint: 'Try again.' });
  }
}

/** Ends the running adaptation without a result. */
export async function cancelAdapting(ports: AdaptPorts): Promise<void> {
  const state = ports.get();
  if (state.phase !== 'working' || state.isStopping) return;
  ports.set({ ...state, isStopping: true });
  await ports.stop();
}

/** Stores the adapted student and derains every photo with it. Where it cannot be stored it is still offered. */
export async function keepAdapted(ports: AdaptPorts): Promise<void> {
  const state = ports.get();
  if (state.phase !== 'offered' || state.isKeeping) return;
  ports.set({ ...state, isKeeping: true, error: null });
  const stored = await ports.store(adaptedTitle(state.photo.name), state.file, state.photo.name, state.base);
  if ('reason' in stored) return ports.set({ ...state, error: stored });
  ports.changeView({ ...state.view, model: stored.id });
  ports.set({ phase: 'idle' });
  await ports.unlist(state.candidate);
}

/** Forgets the adapted student; the view is as it was before. */
export async function discardAdapted(ports: AdaptPorts): Promise<void> {
  const state = ports.get();
  if (state.phase !== 'offered' || state.isKeeping) return;
  ports.changeView(state.view);
  ports.set({ phase: 'idle' });
  await ports.unlist(state.candidate);
}

type Ending = Exclude<AdapterEvent, { readonly type: 'rainEstimated' | 'adaptStepped' }>;

async function run(ports: AdaptPorts, photo: PhotoName, base: string, seconds: number): Promise<Ending> {
  const wasStopped = (): boolean => {
    const state = ports.get();
    return state.phase === 'working' && state.isStopping;
  };
  const [student, rainMap, clean] = await Promise.all([
    ports.modelFile(base),
    ports.rainMap(photo.id, base),
    ports.cleanImages(),
  ]);
  if (wasStopped()) return { type: 'adaptStopped' };
  if (!(student instanceof Blob)) return { type: 'adaptFailed', reason: student.reason, hint: student.hint };
  if ('reason' in rainMap) return { type: 'adaptFailed', reason: rainMap.reason, hint: rainMap.hint };
  let ending: Ending = { type: 'adaptFailed', reason: 'The training worker gave no answer.', hint: 'Try again.' };
  await ports.adapt({ student, rainMap, clean, seconds }, (events) => {
    for (const event of events) {
      const state = ports.get();
      if (state.phase !== 'working') continue;
      if (event.type === 'rainEstimated') ports.set({ ...state, rain: event.rain, share: 0 });
      else if (event.type === 'adaptStepped') ports.set({ ...state, share: event.share });
      else ending = event;
    }
  });
  return ending;
}

async function offer(ports: AdaptPorts, photo: PhotoName, base: string, file: ArrayBuffer): Promise<void> {
  const listed = await ports.list(adaptedTitle(photo.name), file);
  if ('reason' in listed) return end(ports, photo, listed);
  const view = ports.view();
  const candidate = listed.id;
  ports.set({ phase: 'offered', photo, base, candidate, file, view, isKeeping: false, error: null });
  ports.changeView({ compare: base, show: candidate, mode: view.mode === 'single' ? 'split' : view.mode });
}

function end(ports: AdaptPorts, photo: PhotoName, { reason, hint }: AdaptError, isRefused = false): void {
  ports.set({ phase: 'ended', photo, isRefused, error: { reason, hint } });
}
