import { create } from 'zustand';

export const VIEWS = ['derain', 'compare', 'train', 'lab', 'library'] as const;
export type ViewName = (typeof VIEWS)[number];
/** What a view keeps in the address, so that a link reproduces it: names and values as text. */
export type ViewSettings = Readonly<Record<string, string>>;

export interface Route {
  readonly view: ViewName;
  readonly settings: ViewSettings;
}

/** Reads `#/view?name=value`; anything unknown is Derain, where a first visit begins. */
export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  const view = VIEWS.find((name) => name === path);
  return view ? { view, settings: Object.fromEntries(new URLSearchParams(query)) } : { view: 'derain', settings: {} };
}

/** The inverse of `parseRoute`; names in alphabetical order, so that equal settings give equal links. */
export function formatRoute({ view, settings }: Route): string {
  const entries = Object.entries(settings).sort(([a], [b]) => (a < b ? -1 : 1));
  const query = new URLSearchParams(entries).toString();
  return query ? `#/${view}?${query}` : `#/${view}`;
}

/** `settings` with `patch` laid over it; null takes a name out. */
export function mergeSettings(settings: ViewSettings, patch: Readonly<Record<string, string | null>>): ViewSettings {
  const merged: Record<string, string> = { ...settings };
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete merged[name];
    else merged[name] = value;
  }
  return merged;
}

interface RouteState {
  readonly view: ViewName;
  /** The latest settings of every view, so that coming back finds them again. */
  readonly settings: Readonly<Record<ViewName, ViewSettings>>;
}

const start = parseRoute(globalThis.location?.hash ?? '');

/** The address as state. `useRoute((route) => route.settings.train)` is stable while other views are on screen. */
export const useRoute = create<RouteState>(() => ({
  view: start.view,
  settings: { derain: {}, compare: {}, train: {}, lab: {}, library: {}, [start.view]: start.settings },
}));

globalThis.addEventListener?.('hashchange', () => {
  const { view, settings } = parseRoute(location.hash);
  useRoute.setState((state) => ({ view, settings: { ...state.settings, [view]: settings } }));
});

/** The link to a view as it was last seen, or with these settings instead. */
export function linkTo(view: ViewName, settings: ViewSettings = useRoute.getState().settings[view]): string {
  return formatRoute({ view, settings });
}

/** Shows another view, as a step of the browser's history. */
export function navigate(view: ViewName, settings?: ViewSettings): void {
  location.hash = linkTo(view, settings);
}

/** Browsers refuse more than a hundred address changes in half a minute; a dragged slider makes more. */
const ADDRESS_DELAY_MS = 250;
let addressTimer: ReturnType<typeof setTimeout> | undefined;

/** Changes some settings of a view without a step in the browser's history. The address follows at once, and once more when a flood of changes is over. */
export function replaceSettings(view: ViewName, patch: Readonly<Record<string, string | null>>): void {
  useRoute.setState((state) => ({
    settings: { ...state.settings, [view]: mergeSettings(state.settings[view], patch) },
  }));
  if (addressTimer === undefined) writeAddress();
  clearTimeout(addressTimer);
  addressTimer = setTimeout(() => {
    addressTimer = undefined;
    writeAddress();
  }, ADDRESS_DELAY_MS);
}

function writeAddress(): void {
  const { view } = useRoute.getState();
  const link = linkTo(view);
  if (parseRoute(location.hash).view === view && location.hash !== link) history.replaceState(null, '', link);
}
