/** A file on its way in, from a folder or from within a zip; its bytes are fetched when its turn comes. */
export interface SourceFile {
  /** '/' between folders, beginning with what was dropped. */
  readonly path: string;
  readonly size: number;
  /** Throws ImageFileError when the bytes cannot be had. */
  open(): Promise<Blob>;
}
