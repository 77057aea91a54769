import { Component, type ReactNode } from 'react';
import { Button } from '../ui/Button.tsx';
import { EmptyState } from '../ui/EmptyState.tsx';

interface Props {
  readonly title: string;
  readonly children: ReactNode;
}

/** Keeps a fault in one view from taking the page down; says what happened and offers the way back. */
export class ViewBoundary extends Component<Props, { readonly fault: Error | null }> {
  override state = { fault: null as Error | null };

  static getDerivedStateFromError(fault: unknown) {
    return { fault: fault instanceof Error ? fault : new Error(String(fault)) };
  }

  override render() {
    const { fault } = this.state;
    if (!fault) return this.props.children;
    return (
      <div role="alert">
        <EmptyState
          icon="warning"
          title={`${this.props.title} could not be shown`}
          actions={
            <>
              <Button variant="primary" onClick={() => location.reload()}>
                Reload the page
              </Button>
              <Button onClick={() => this.setState({ fault: null })}>Try again</Button>
            </>
          }
        >
          <p>Your photos, models and checkpoints are stored and untouched.</p>
          <p>{fault.message}</p>
        </EmptyState>
      </div>
    );
  }
}
