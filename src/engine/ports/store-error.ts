/**
 * Why a commit was refused without effect. Anything else that rejects a commit is a fault of ours;
 * a broken disk rejects nothing: the store tells its owner and never answers again.
 */

/** The disk is full. Nothing of the commit was kept; a later one may succeed. */
export class StoreFullError extends Error {
  override readonly name = 'StoreFullError'
}

/** More waits for the disk than the store allows. Nothing of the commit was kept. */
export class StoreOverloadedError extends Error {
  override readonly name = 'StoreOverloadedError'
}
