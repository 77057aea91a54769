import { lazy, Suspense, type ComponentType } from 'react';
import { linkTo, useRoute } from '../routing/route.ts';
import { VisuallyHidden } from '../ui/VisuallyHidden.tsx';
import style from './LabView.module.css';

interface Part {
  /** Its name in the address. */
  readonly id: string;
  readonly title: string;
  readonly View: ComponentType;
}

/** The parts of the lab, in the order of its tabs; the first one opens. */
const PARTS: readonly Part[] = [
  {
    id: 'patch',
    title: 'One patch',
    View: lazy(async () => ({ default: (await import('./patch/PatchLab.tsx')).PatchLab })),
  },
  {
    id: 'experiments',
    title: 'Experiments',
    View: lazy(async () => ({ default: (await import('./experiments/ExperimentsLab.tsx')).ExperimentsLab })),
  },
  {
    id: 'runs',
    title: 'Runs',
    View: lazy(async () => ({ default: (await import('./runs/RunsLab.tsx')).RunsLab })),
  },
];

/** Where the direction regularizer is tried out. The part on screen and its settings are in the address. */
export function LabView() {
  const settings = useRoute((route) => route.settings.lab);
  const { id: shown, title, View } = PARTS.find(({ id }) => id === settings['part']) ?? PARTS[0]!;
  return (
    <section className={style.view} aria-labelledby="lab-title">
      <VisuallyHidden>
        <h1 id="lab-title">Lab</h1>
      </VisuallyHidden>
      {PARTS.length > 1 && (
        <nav className={style.parts} aria-label="Parts of the lab">
          {PARTS.map((part) => (
            <a
              key={part.id}
              className={style.part}
              href={linkTo('lab', { ...settings, part: part.id })}
              aria-current={part.id === shown ? 'page' : undefined}
            >
              {part.title}
            </a>
          ))}
        </nav>
      )}
      <Suspense fallback={<p className={style.opening}>Opening {title} …</p>}>
        <View />
      </Suspense>
    </section>
  );
}
