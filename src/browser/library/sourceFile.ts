/** A file on its way in, from a folder or from within a zip; its bytes are fetched when its turn comes. */
export interface SourceFile {
  /** '/' between folders, beginning with what was dropped. */
  readonly path: string;
  readonly size: number;
  /** Throws ImageRefusal when the bytes cannot be had. */
  open(): Promise<Blob>;
}

/** A dropped or chosen file with its place among the folders that came with it. Can cross to a worker. */
export interface DroppedFile {
  readonly path: string;
  readonly file: File;
}
