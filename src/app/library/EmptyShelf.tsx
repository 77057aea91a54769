import { useEffect, useState } from 'react';
import type { Shelf } from '../../browser/library/records.ts';
import { Button } from '../ui/Button.tsx';
import { EmptyState } from '../ui/EmptyState.tsx';
import { notify } from '../ui/notices.ts';
import { addSampleScenes, hasSampleScenes } from './sampleScenes.ts';

const WORDS: Readonly<Record<Shelf, { readonly title: string; readonly text: string }>> = {
  clean: {
    title: 'No clean pictures yet',
    text: 'Photos without rain: any sharp outdoor pictures. Training draws rain onto them and learns to take it off again.',
  },
  rainy: {
    title: 'No rainy pictures yet',
    text: 'Photos with the rain you want removed. The network learns only the rain it is shown; they need no clean counterpart.',
  },
  pairs: {
    title: 'No pairs yet',
    text: 'The same picture with and without rain, in folders “rainy” and “clean” with equal names, or named “rain-1” and “norain-1”. RainDirection and Rain100L are recognised.',
  },
};

export interface EmptyShelfProps {
  readonly shelf: Shelf;
  /** Nothing on any shelf. */
  readonly empty: boolean;
  readonly onChoose: (kind: 'files' | 'folder') => void;
}

/** What a shelf says before anything stands on it. A first visitor is offered the sample scenes. */
export function EmptyShelf({ shelf, empty, onChoose }: EmptyShelfProps) {
  const { title, text } = WORDS[shelf];
  const [samples, setSamples] = useState(false);
  const [fetching, setFetching] = useState(false);
  useEffect(() => void hasSampleScenes().then(setSamples), []);

  const addSamples = async () => {
    setFetching(true);
    try {
      await addSampleScenes();
    } catch {
      notify({ tone: 'bad', text: 'The sample scenes could not be fetched. Check the connection and try again.' });
    }
    setFetching(false);
  };

  return (
    <EmptyState
      title={title}
      icon={shelf === 'rainy' ? 'drop' : 'image'}
      actions={
        <>
          {empty && samples && (
            <Button variant="primary" busy={fetching} onClick={() => void addSamples()}>
              Use the sample scenes
            </Button>
          )}
          <Button
            variant={empty && !samples ? 'primary' : 'plain'}
            onClick={() => onChoose(shelf === 'pairs' ? 'folder' : 'files')}
          >
            {shelf === 'pairs' ? 'Choose a folder' : 'Choose pictures'}
          </Button>
        </>
      }
    >
      <p>{text}</p>
      <p>Drop files, folders or zips anywhere on this page. They stay in this browser.</p>
    </EmptyState>
  );
}
