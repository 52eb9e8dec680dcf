/**
 * The part of sharp that is used, written out here: the library is optional, and this must compile
 * and run where it is not installed.
 */

/** What a file says of itself. */
export interface PictureFacts {
  readonly width?: number
  /** Of one frame stacked on the next where there are several. */
  readonly height?: number
  readonly pages?: number
  readonly pageHeight?: number
  /** EXIF orientation; 5 to 8 lie on their side. */
  readonly orientation?: number
}

export interface PictureInput {
  readonly animated: boolean
  readonly limitInputPixels: number
  /** What ends decoding: a file that is cut off, but no mere warning. */
  readonly failOn: 'truncated'
  readonly sequentialRead: boolean
}

export interface Picture {
  metadata(): Promise<PictureFacts>
  autoOrient(): Picture
  resize(options: {
    readonly width: number
    readonly height: number
    readonly fit: 'fill'
  }): Picture
  flatten(options: { readonly background: string }): Picture
  timeout(options: { readonly seconds: number }): Picture
  toFormat(format: string, options: object): Picture
  toBuffer(): Promise<Uint8Array>
}

export interface PictureLibrary {
  (bytes: Uint8Array, options: PictureInput): Picture
  cache(enabled: boolean): void
  concurrency(threads: number): void
  block(options: { readonly operation: readonly string[] }): void
  unblock(options: { readonly operation: readonly string[] }): void
}

/** Loaders for what is adapted; all others of the many it has stay shut against hostile files. */
const LOADERS = [
  'VipsForeignLoadJpegBuffer',
  'VipsForeignLoadPngBuffer',
  'VipsForeignLoadWebpBuffer',
  'VipsForeignLoadNsgifBuffer',
]

/** Loads the library and sets its limits. Rejects where it is not installed. */
export async function loadPictureLibrary(specifier: string): Promise<PictureLibrary> {
  const { default: library } = (await import(specifier)) as { readonly default: PictureLibrary }
  // One picture at a time, one thread each, nothing kept: the gateway's memory is for messages.
  library.cache(false)
  library.concurrency(1)
  library.block({ operation: ['VipsForeignLoad'] })
  library.unblock({ operation: LOADERS })
  return library
}
