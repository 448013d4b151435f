import type { Entry } from './entry.js';

/** Tasks that have not found a project yet. */
export const INBOX: Entry[] = [
  { title: 'Return the parcel', due: 1, labels: ['errand'] },
  { title: 'Renew the library card', due: -2, status: 'todo', labels: ['errand'] },
  { title: 'Recipe for the lentil soup: send it to Ines', due: 0, at: [20, 0], labels: ['email'] },
  { title: 'What was the name of that podcast?', priority: 'low' },
  { title: 'Umbrella left at Karim’s', due: 3 },
  { title: 'Backup of the old laptop', due: 8, priority: 'medium' },
  { title: 'Update the emergency numbers on the fridge', priority: 'low' },
  { title: 'Ask Sam about concert tickets', due: 2, labels: ['phone'] },
  { title: 'Check whether the passport photo is still recent', due: -13 },
  { title: 'Vote by post', due: 5, priority: 'high' },
  { title: 'New strap for the watch', due: 16, priority: 'low', labels: ['errand'] },
  { title: 'Unsubscribe from newsletters that I never read', priority: 'low', labels: ['someday'] },
];
