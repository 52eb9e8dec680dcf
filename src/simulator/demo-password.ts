/** The password of every demo login. */

/** Scrypt of the password `demo`, so that starting the sandbox hashes nothing. */
export const DEMO_PASSWORD_HASH =
  'scrypt$16384$8$1$Y2FyaWxsb24tZGVtby1zYQ$ZqtGy0wGKO07IwBKWJrmUlpONfIhD_wAZ-M5VMuWPFU'
