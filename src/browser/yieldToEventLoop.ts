/**
 * A pause that lets waiting messages in. By MessageChannel, because timers and animation frames are slowed down or
 * stopped in a hidden tab.
 */
export function createBreathing(): () => Promise<void> {
  const { port1, port2 } = new MessageChannel();
  const pausing: (() => void)[] = []; // Several jobs may pause at a time.
  port1.onmessage = () => pausing.shift()?.();
  return () =>
    new Promise((resolve) => {
      pausing.push(resolve);
      port2.postMessage(null);
    });
}
