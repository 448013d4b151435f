/**
 * Headers that one process of PrimeTrade sends another, beside the caller's own. They steer how a
 * request is served and never say who the caller is; the gateway drops what a client sends of them.
 */

/** Milliseconds that the sender still waits for the answer. */
export const TIMEOUT_HEADER = 'primetrade-timeout-ms';

/** `{user id}={position}`: the last write of the caller, as the gateway has read it. */
export const LAST_WRITE_HEADER = 'primetrade-last-write';

/**
 * The same of the caller's account, in the database of the auth service: sent to every other service,
 * so that one which remembers a session sees whether it may have ended since.
 */
export const ACCOUNT_WRITE_HEADER = 'primetrade-account-write';

/** On an answer: `true` when it may lack the newest writes, as the primary database is away. */
export const STALE_HEADER = 'primetrade-stale';
