import { expose, wrap } from 'comlink';
import type { Endpoint, Remote } from 'comlink';

/** An api behind a message channel, as behind a worker. `close` ends it. */
export function connect<Api extends object>(api: Api): { readonly remote: Remote<Api>; close(): void } {
  const { port1, port2 } = new MessageChannel();
  expose(api, port1 as Endpoint);
  return {
    remote: wrap<Api>(port2 as Endpoint),
    close() {
      port1.close();
      port2.close();
    },
  };
}
