const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** `March`. */
export function monthName(day: Date): string {
  return MONTHS[day.getMonth()]!;
}

/** `3 March`. */
export function shortDate(day: Date): string {
  return `${day.getDate()} ${monthName(day)}`;
}
