/** Keys under which the browser remembers what must be known before the first paint. */
export const THEME_KEY = 'primetrade.theme';
export const SIGNED_IN_KEY = 'primetrade.signed-in';

/**
 * Runs in the head, before the first paint: sets the chosen theme, so that no page flashes in the
 * other one, and marks whether someone is signed in, so that a static page can offer the right link.
 */
export const EARLY_SCRIPT = `try{var d=document.documentElement,t=localStorage.getItem('${THEME_KEY}');if(t==='light'||t==='dark')d.dataset.theme=t;if(localStorage.getItem('${SIGNED_IN_KEY}'))d.dataset.signedIn=''}catch(e){}`;
