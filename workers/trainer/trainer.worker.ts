import { expose } from 'comlink';
import { createAdapterApi } from './adapterApi.ts';
import { createBrowserHost } from './browserHost.ts';
import { createTrainerApi } from './trainerApi.ts';

const host = createBrowserHost();
expose({ ...createTrainerApi(host), ...createAdapterApi(host) });
