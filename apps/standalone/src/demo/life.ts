import type { DemoProject } from './entry.js';
import { monthName, shortDate } from './dates.js';

/** A trip, a body, a purse and things to learn. */
export const LIFE: DemoProject[] = [
  {
    name: 'Trip to Lisbon',
    color: '#0284c7',
    entries: [
      { title: 'Agree on dates with Sam', due: -26 },
      { title: 'Book the flights', due: -20, priority: 'high' },
      {
        title: 'Book a flat in Graça for six nights',
        due: -16,
        priority: 'high',
        notes: 'Confirmation: check-in from **15:00**, key box left of the door.',
      },
      { title: 'Check that the passports are valid', due: -11, priority: 'urgent' },
      { title: 'Reserve the tram tour', due: 8, labels: ['waiting'] },
      { title: 'Find out about the train to Sintra', due: 9, labels: ['research'] },
      {
        title: 'Places we want to see',
        due: 20,
        notes:
          '- Miradouro da Senhora do Monte at sunset\n- Tile museum (closed on Mondays)\n- LX Factory on Sunday\n- A day in Sintra\n\nAsk Lucía, she grew up there.',
        steps: [
          'x Ask Lucía for her favourites',
          'Mark them on the map',
          'Reserve a table at the fado place',
        ],
      },
      { title: 'Travel insurance', due: 12, priority: 'medium' },
      { title: 'Ask Karim to look after the plants', due: 14, labels: ['phone'] },
      {
        title: 'Pack',
        due: 34,
        steps: [
          'Passports and cards',
          'Chargers and adapters',
          'Sun cream',
          'Walking shoes',
          'Book for the flight',
          'Nora’s rabbit',
        ],
      },
      { title: 'Flight to Lisbon', due: 35, at: [6, 55], priority: 'urgent' },
    ],
  },
  {
    name: 'Health',
    color: '#16a34a',
    entries: [
      { title: 'Yearly check-up', due: -18, at: [8, 15], labels: ['health'] },
      { title: 'Collect the new glasses', due: 1, labels: ['errand', 'health'] },
      { title: 'Appointment with the physiotherapist', due: 4, at: [17, 0], labels: ['health'] },
      {
        title: 'Register for the ten-kilometre run',
        due: -3,
        status: 'in_progress',
        notes: 'Early price until the end of the month.',
      },
      { title: 'Ten-kilometre run', due: 44, at: [9, 0], priority: 'high' },
      { title: 'Tetanus booster', due: 22, labels: ['health', 'phone'] },
      { title: 'Try the early yoga class once', due: 8, at: [7, 0], priority: 'low' },
    ],
    recurring: [
      {
        title: (day) => `Easy run, 5 km, ${shortDate(day)}`,
        every: 4,
        from: -31,
        to: 25,
        at: [18, 0],
        labels: ['health'],
      },
      {
        title: (day) => `Long run, ${shortDate(day)}`,
        every: 7,
        from: -28,
        to: 28,
        at: [9, 0],
        labels: ['health', 'weekend'],
      },
    ],
  },
  {
    name: 'Money',
    color: '#ca8a04',
    entries: [
      {
        title: 'Tax return',
        due: 26,
        priority: 'high',
        status: 'in_progress',
        steps: [
          'x Wage statement',
          'x Donation receipts',
          'Invoices of tradespeople',
          'Work-from-home days',
          'Fill in the form',
          'Send it',
        ],
      },
      { title: 'Compare electricity tariffs', due: 7, labels: ['research'] },
      {
        title: 'Cancel the old phone contract',
        due: 2,
        priority: 'urgent',
        labels: ['email'],
        notes: 'Notice period is **one month**, so this week.',
      },
      { title: 'Raise the standing order for Nora’s savings', due: 10 },
      {
        title: 'Check the refund of the train ticket',
        due: -5,
        labels: ['waiting'],
        status: 'todo',
      },
      { title: 'File the insurance papers', due: 15, priority: 'low', labels: ['weekend'] },
    ],
    recurring: [
      {
        title: (day) => `Pay the rent for ${monthName(day)}`,
        every: 'month',
        from: -2,
        to: 2,
        priority: 'high',
      },
      {
        title: (day) => `Go through the account, ${shortDate(day)}`,
        every: 14,
        from: -36,
        to: 34,
        at: [20, 30],
      },
    ],
  },
  {
    name: 'Learning',
    color: '#7c3aed',
    entries: [
      { title: 'Finish “The Design of Everyday Things”', due: -12, labels: ['reading'] },
      {
        title: 'Read “Thinking in Systems”, part two',
        due: 6,
        status: 'in_progress',
        labels: ['reading'],
      },
      { title: 'Watch the talk on offline-first design', due: 3, priority: 'low' },
      {
        title: 'SQL: window functions, with exercises',
        due: 9,
        notes:
          '```sql\nSELECT team, week, closed,\n       avg(closed) OVER (PARTITION BY team ORDER BY week ROWS 3 PRECEDING)\nFROM weekly_numbers;\n```',
      },
      { title: 'Portuguese: the past tense', due: 4, labels: ['reading'] },
      { title: 'Order food in Portuguese without pointing', due: 37, priority: 'low' },
      { title: 'Take the pottery course in autumn?', labels: ['someday'] },
      {
        title: 'Book list from the reading circle',
        labels: ['someday', 'reading'],
        notes:
          '- *Stoner*, John Williams\n- *Piranesi*, Susanna Clarke\n- *The Summer Book*, Tove Jansson',
      },
    ],
    recurring: [
      {
        title: (day) => `Portuguese vocabulary, ${shortDate(day)}`,
        every: 3,
        from: -28,
        to: 23,
        at: [7, 30],
        labels: ['reading'],
      },
    ],
  },
];
