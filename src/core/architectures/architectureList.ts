/**
 * The networks that can be trained, as the page lists them: it computes nothing, so this file imports nothing. A test keeps it equal
 * to the registry.
 */
export interface ListedArchitecture {
  /** As settings and files name it. */
  readonly id: string;
  readonly title: string;
  /** The size that it was published in. */
  readonly blocks: number;
  readonly filters: number;
}

export const architectureList: readonly ListedArchitecture[] = [
  { id: 'edsr', title: 'EDSR', blocks: 16, filters: 64 },
  { id: 'pyramid', title: 'Pyramid', blocks: 3, filters: 64 },
  { id: 'prenet', title: 'PReNet', blocks: 5, filters: 32 },
  { id: 'prenet-r', title: 'PReNet_r', blocks: 5, filters: 32 },
  { id: 'prn', title: 'PRN', blocks: 5, filters: 32 },
  { id: 'prn-r', title: 'PRN_r', blocks: 5, filters: 32 },
  { id: 'prenet-real', title: 'PReNet (real)', blocks: 5, filters: 32 },
  { id: 'brn', title: 'BRN', blocks: 5, filters: 32 },
  { id: 'ddn', title: 'DDN', blocks: 12, filters: 16 },
  { id: 'ddn-tf', title: 'DDN (TensorFlow)', blocks: 12, filters: 16 },
  { id: 'ddn-image', title: 'DDN (image statistics)', blocks: 12, filters: 16 },
  { id: 'sirr', title: 'SIRR', blocks: 12, filters: 16 },
  { id: 'clear', title: 'Clear', blocks: 1, filters: 512 },
  { id: 'jorder', title: 'JORDER', blocks: 5, filters: 64 },
  { id: 'jorder-e', title: 'JORDER-E', blocks: 3, filters: 32 },
  { id: 'rain-over-me', title: 'Rain O’er Me', blocks: 3, filters: 16 },
  { id: 'umrl', title: 'UMRL', blocks: 1, filters: 16 },
  { id: 'rcdnet', title: 'RCDNet', blocks: 17, filters: 32 },
  { id: 'rcdnet-reduced', title: 'RCDNet (reduced)', blocks: 4, filters: 16 },
  { id: 'did-mdn', title: 'DID-MDN', blocks: 1, filters: 8 },
  { id: 'syn2real', title: 'Syn2Real', blocks: 1, filters: 16 },
  { id: 'syn2real-reduced', title: 'Syn2Real (reduced)', blocks: 1, filters: 8 },
];
