import { expose } from 'comlink';
import { createTrainerApi } from './trainerApi.ts';

expose(createTrainerApi());
