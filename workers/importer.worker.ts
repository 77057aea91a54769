import { expose } from 'comlink';
import { estimateDirection } from '../src/core/rain/direction.ts';
import { createImporterApi, rainMapOf } from './importerApi.ts';

expose(
  createImporterApi((rainy, clean) => estimateDirection(rainMapOf(rainy, clean), rainy.width, rainy.height, 1).index),
);
