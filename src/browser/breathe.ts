/**
 * A pause that lets waiting messages in. By MessageChannel, because timers and animation frames are slowed down or
 * stopped in a hidden tab.
 */
export function createBreathing(): () => Promise<void> {
  const { port1, port2 } = new MessageChannel();
  let resume: (() => void) | undefined;
  port1.onmessage = () => resume?.();
  return () =>
    new Promise((resolve) => {
      resume = resolve;
      port2.postMessage(null);
    });
}
