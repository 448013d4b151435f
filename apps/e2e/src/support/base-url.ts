/** Where the PrimeTrade under test answers, without a slash at the end. */
export const BASE_URL = baseUrl();

function baseUrl(): string {
  const given = process.env['BASE_URL'];
  if (given === undefined) {
    throw new Error('BASE_URL is not set: run these tests through `npm test -- --e2e`.');
  }
  return new URL(given).origin;
}
