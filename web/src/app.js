// The one script of the console. Everything here makes a task quicker; no task
// needs it.
import "htmx.org/dist/htmx.esm.js";
import "./keys.js";
import "./lookup.js";
import "./passkey.js";
import "./print.js";
