import { z } from 'zod';

/** Base addresses of the processes of one service, separated by commas. */
export const addressList = () =>
  z
    .string({ message: 'is required' })
    .transform((list) => list.split(',').map((address) => address.trim()))
    .refine((list) => list.every(isBaseAddress), {
      message:
        'must be one or more addresses without a path, separated by commas, such as http://auth:4001',
    })
    .transform((list) => list.map((address) => new URL(address).origin));

function isBaseAddress(text: string): boolean {
  const url = URL.parse(text);
  return (
    url !== null &&
    (url.protocol === 'http:' || url.protocol === 'https:') &&
    url.pathname === '/' &&
    url.search + url.hash + url.username === ''
  );
}
