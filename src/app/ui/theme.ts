import { create } from 'zustand';

export type Theme = 'dark' | 'light';

const KEY = 'theme';
const systemLight = globalThis.matchMedia?.('(prefers-color-scheme: light)');

/** The theme chosen by hand; null follows the system. */
const useChosenTheme = create<{ readonly chosen: Theme | null; readonly system: Theme }>(() => ({
  chosen: readChoice(),
  system: systemLight?.matches ? 'light' : 'dark',
}));

systemLight?.addEventListener('change', () =>
  useChosenTheme.setState({ system: systemLight.matches ? 'light' : 'dark' }),
);
useChosenTheme.subscribe(applyTheme);

/** The theme on screen. */
export function useTheme(): Theme {
  return useChosenTheme(({ chosen, system }) => chosen ?? system);
}

/** Dark to light or back. Choosing what the system prefers goes back to following the system. */
export function switchTheme(): void {
  const { chosen, system } = useChosenTheme.getState();
  const next: Theme = (chosen ?? system) === 'dark' ? 'light' : 'dark';
  const choice = next === system ? null : next;
  try {
    if (choice) localStorage.setItem(KEY, choice);
    else localStorage.removeItem(KEY);
  } catch {
    // Storage is refused in some private windows; the choice then lasts as long as the page.
  }
  useChosenTheme.setState({ chosen: choice });
}

/** Puts the chosen theme on the document; called once before the first paint, then on every change. */
export function applyTheme(): void {
  const { chosen } = useChosenTheme.getState();
  if (chosen) document.documentElement.dataset['theme'] = chosen;
  else delete document.documentElement.dataset['theme'];
}

function readChoice(): Theme | null {
  try {
    const stored = globalThis.localStorage?.getItem(KEY);
    return stored === 'dark' || stored === 'light' ? stored : null;
  } catch {
    return null;
  }
}
