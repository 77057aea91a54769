import { Activity, lazy, Suspense, useCallback, useState, type ComponentType } from 'react';
import { NoticeRegion } from '../ui/NoticeRegion.tsx';
import { VIEWS, useRoute, type ViewName } from '../routing/route.ts';
import style from './Shell.module.css';
import { TopBar } from './TopBar.tsx';
import { usePageTitle } from './pageTitle.ts';
import { ViewBoundary } from './ViewBoundary.tsx';

const PAGES: Readonly<Record<ViewName, { readonly title: string; readonly View: ComponentType }>> = {
  derain: {
    title: 'Derain',
    View: lazy(async () => ({ default: (await import('../derain/DerainView.tsx')).DerainView })),
  },
  compare: {
    title: 'Compare',
    View: lazy(async () => ({ default: (await import('../compare/CompareView.tsx')).CompareView })),
  },
  train: { title: 'Train', View: lazy(async () => ({ default: (await import('../train/TrainView.tsx')).TrainView })) },
  lab: { title: 'Lab', View: lazy(async () => ({ default: (await import('../lab/LabView.tsx')).LabView })) },
  library: {
    title: 'Library',
    View: lazy(async () => ({ default: (await import('../library/LibraryView.tsx')).LibraryView })),
  },
};

/** The page: top bar, the view the address names, messages. A view that was visited stays as it was, out of sight. */
export function Shell() {
  const view = useRoute((route) => route.view);
  const [visited, setVisited] = useState<ReadonlySet<ViewName>>(new Set([view]));
  if (!visited.has(view)) setVisited(new Set([...visited, view]));

  usePageTitle(PAGES[view].title);

  return (
    <>
      <a
        className={style.skip}
        href="#content"
        onClick={(event) => {
          event.preventDefault();
          document.getElementById('content')?.focus();
        }}
      >
        Skip to content
      </a>
      <div ref={useMeasuredTop()} className={style.top}>
        <TopBar view={view} titleOf={(name) => PAGES[name].title} />
        <NoticeRegion />
      </div>
      <main id="content" tabIndex={-1} className={style.main}>
        {VIEWS.filter((name) => visited.has(name)).map((name) => {
          const { title, View } = PAGES[name];
          return (
            <Activity key={name} mode={name === view ? 'visible' : 'hidden'}>
              <ViewBoundary title={title}>
                <Suspense fallback={<p className={style.opening}>Opening {title} …</p>}>
                  <View />
                </Suspense>
              </ViewBoundary>
            </Activity>
          );
        })}
      </main>
    </>
  );
}

/** Tells the views how much the bar and its messages take of the page, so that they fit what is left. */
function useMeasuredTop(): (top: HTMLElement | null) => void | (() => void) {
  return useCallback((top: HTMLElement | null) => {
    if (!top) return;
    const observer = new ResizeObserver(() => {
      document.documentElement.style.setProperty('--bar-height', `${top.offsetHeight}px`);
    });
    observer.observe(top);
    return () => observer.disconnect();
  }, []);
}
