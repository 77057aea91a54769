import { EmptyState } from '../ui/EmptyState.tsx';

/** The Derain view. */
export function DerainView() {
  return (
    <section aria-labelledby="derain-title">
      <h1 id="derain-title">Derain</h1>
      <EmptyState title="Nothing here yet" />
    </section>
  );
}
