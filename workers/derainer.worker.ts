import { expose } from 'comlink';
import { createDerainerApi } from './derainerApi.ts';

expose(createDerainerApi());
