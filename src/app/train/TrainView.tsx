import { EmptyState } from '../ui/EmptyState.tsx';

/** The Train view. */
export function TrainView() {
  return (
    <section aria-labelledby="train-title">
      <h1 id="train-title">Train</h1>
      <EmptyState title="Nothing here yet" />
    </section>
  );
}
