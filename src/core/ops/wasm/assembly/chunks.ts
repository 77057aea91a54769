/** The door from the thread pool to the kernels. */
import { convolveTiles, transformFilterRows } from './convolve';
import { gatherFilterGradient, reduceFilterGradient } from './filterGradient';
import { updateAdam } from './adam';
import { Adam, Convolution, CONVOLVE, GATHER_FILTER_GRADIENT, REDUCE_FILTER_GRADIENT, TRANSFORM_FILTER, UPDATE_ADAM } from './task';

/** Runs one chunk of the task at `address`. */
export function runChunk(address: usize, chunk: i32, thread: i32): void {
  const kind = load<i32>(address);
  if (kind == CONVOLVE) convolveTiles(changetype<Convolution>(address), chunk, thread);
  else if (kind == TRANSFORM_FILTER) transformFilterRows(changetype<Convolution>(address), chunk, thread);
  else if (kind == GATHER_FILTER_GRADIENT) gatherFilterGradient(changetype<Convolution>(address), chunk, thread);
  else if (kind == REDUCE_FILTER_GRADIENT) reduceFilterGradient(changetype<Convolution>(address), chunk, thread);
  else if (kind == UPDATE_ADAM) updateAdam(changetype<Adam>(address), chunk);
}
