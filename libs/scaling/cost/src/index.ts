export { type Band, type CostBand, costBand, type PodDemand, podsPerMachine } from './band.js';
export {
  type Line,
  type Part,
  type PriceBook,
  PriceBookError,
  type PriceItem,
  type Resources,
  type Stage,
} from './price-book.js';
export { readPriceBook, resourcesOf } from './read-price-book.js';
export { type CostLine, type CostTable, money, renderTable, tableOf } from './table.js';
