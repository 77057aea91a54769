import { EmptyState } from '../ui/EmptyState.tsx';

/** The Library view. */
export function LibraryView() {
  return (
    <section aria-labelledby="library-title">
      <h1 id="library-title">Library</h1>
      <EmptyState title="Nothing here yet" />
    </section>
  );
}
