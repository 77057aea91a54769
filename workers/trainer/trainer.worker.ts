import { expose } from 'comlink';
import { createBrowserHost } from './browserHost.ts';
import { createTrainerApi } from './trainerApi.ts';

expose(createTrainerApi(createBrowserHost()));
