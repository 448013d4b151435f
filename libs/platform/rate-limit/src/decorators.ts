import { SetMetadata } from '@nestjs/common';

export const COUNT_FAILURES_ONLY = 'primetrade:count-failures-only';

/**
 * Anonymous requests to this route count against the address's limit only when they fail with a
 * 4xx. For routes that carry a credential of their own, such as a refresh cookie: many people
 * behind one address use them all day.
 */
export const CountFailuresOnly = () => SetMetadata(COUNT_FAILURES_ONLY, true);

export const COUNT_BY_ADDRESS = 'primetrade:count-by-address';

/**
 * Requests to this route count against the address's limit, also when the caller is signed in. For
 * routes at which accounts are made or guessed: with a token of one account, whoever tries others
 * would have the much higher limit of a signed-in user.
 */
export const CountByAddress = () => SetMetadata(COUNT_BY_ADDRESS, true);
