import { expose } from 'comlink';
import { createRainApi } from './rainApi.ts';

expose(createRainApi());
