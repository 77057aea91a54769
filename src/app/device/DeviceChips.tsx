import { Chip } from '../ui/Chip.tsx';

/** What computes and what is stored, in a few words each. */
export function DeviceChips() {
  return <Chip>…</Chip>;
}
