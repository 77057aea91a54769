import { expose } from 'comlink';
import { createBrowserHost } from './browserHost.ts';
import { createDerainerApi } from './derainerApi.ts';

expose(createDerainerApi(createBrowserHost()));
