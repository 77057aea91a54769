import { useEffect, useState } from 'react';
import type { Collection } from '../../protocol/libraryRecord.ts';
import { Button } from '../ui/Button.tsx';
import { EmptyState } from '../ui/EmptyState.tsx';
import { notify } from '../ui/notices.ts';
import { addSampleScenes, hasSampleScenes } from './sampleScenes.ts';

const WORDS: Readonly<Record<Collection, { readonly title: string; readonly text: string }>> = {
  clean: {
    title: 'No clean images yet',
    text: 'Photos without rain: any sharp outdoor images. Training adds synthetic rain to them and learns to remove it.',
  },
  rainy: {
    title: 'No rainy images yet',
    text: 'Photos with the kind of rain you want to remove. The network learns only the rain it is shown; they need no clean counterpart.',
  },
  pairs: {
    title: 'No pairs yet',
    text: 'The same image with and without rain, in folders “rainy” and “clean” with equal names, or named “rain-1” and “norain-1”. RainDirection and Rain100L are recognized.',
  },
};

export interface EmptyCollectionProps {
  readonly collection: Collection;
  /** No collection holds anything. */
  readonly empty: boolean;
  readonly onChoose: (kind: 'files' | 'folder') => void;
}

/** What a collection says before it holds anything. A first visitor is offered the samples. */
export function EmptyCollection({ collection, empty, onChoose }: EmptyCollectionProps) {
  const { title, text } = WORDS[collection];
  const [samples, setSamples] = useState(false);
  const [fetching, setFetching] = useState(false);
  useEffect(() => void hasSampleScenes().then(setSamples), []);

  const addSamples = async () => {
    setFetching(true);
    try {
      await addSampleScenes();
    } catch (error) {
      notify({ tone: 'bad', text: error instanceof Error ? error.message : String(error) });
    }
    setFetching(false);
  };

  return (
    <EmptyState
      title={title}
      icon={collection === 'rainy' ? 'drop' : 'image'}
      actions={
        <>
          {empty && samples && (
            <Button variant="primary" busy={fetching} onClick={() => void addSamples()}>
              Use the samples
            </Button>
          )}
          <Button
            variant={empty && !samples ? 'primary' : 'plain'}
            onClick={() => onChoose(collection === 'pairs' ? 'folder' : 'files')}
          >
            {collection === 'pairs' ? 'Choose a folder' : 'Choose images'}
          </Button>
        </>
      }
    >
      <p>{text}</p>
      <p>Drop files, folders or zips anywhere on this page. They stay in this browser.</p>
    </EmptyState>
  );
}
