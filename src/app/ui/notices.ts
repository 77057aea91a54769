import { create } from 'zustand';

export interface Notice {
  readonly id: number;
  readonly text: string;
  /** 'bad' is announced at once and stays until dismissed. */
  readonly tone: 'neutral' | 'good' | 'warn' | 'bad';
  /** For instance Undo. Running it dismisses the notice. */
  readonly action: { readonly label: string; readonly run: () => void } | null;
  /** Milliseconds on screen; null stays until dismissed. */
  readonly lasts: number | null;
}

export interface NoticeRequest {
  readonly text: string;
  readonly tone?: Notice['tone'];
  readonly action?: NonNullable<Notice['action']>;
  readonly lasts?: number | null;
}

const PLAIN_MS = 5_000;
const WITH_ACTION_MS = 10_000;
const MOST_AT_ONCE = 3;

export const useNotices = create<{ readonly notices: readonly Notice[] }>(() => ({ notices: [] }));

let nextId = 1;

/** Shows a short message under the top bar and returns its id. The oldest gives way when there are too many. */
export function notify({ text, tone = 'neutral', action, lasts }: NoticeRequest): number {
  const id = nextId++;
  const time = lasts === undefined ? (tone === 'bad' ? null : action ? WITH_ACTION_MS : PLAIN_MS) : lasts;
  const notice: Notice = { id, text, tone, action: action ?? null, lasts: time };
  useNotices.setState(({ notices }) => ({ notices: [...notices, notice].slice(-MOST_AT_ONCE) }));
  return id;
}

/** Takes the notice away; nothing happens when it is already gone. */
export function dismissNotice(id: number): void {
  useNotices.setState(({ notices }) => ({ notices: notices.filter((notice) => notice.id !== id) }));
}
