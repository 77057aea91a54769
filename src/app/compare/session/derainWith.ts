import { useModels } from '../../models/registry.ts';
import { handPhoto } from '../../routing/handedPhotos.ts';
import { navigate } from '../../routing/route.ts';
import type { ComparedImage } from '../run/state.ts';

/** Goes on in Derain, with this derainer and this image. */
export function derainWith(model: string, { name, file, truth }: ComparedImage): void {
  handPhoto({ name, file, truth });
  navigate('derain', { model });
}

/** Whether Derain knows a derainer: what ships for comparison only is not there. */
export function useIsInDerain(model: string | null): boolean {
  return useModels(({ models }) => models?.some(({ id }) => id === model) === true);
}
