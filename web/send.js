// Sends the page's one form on, as its button does.
/** @type {HTMLFormElement | null} */ (document.querySelector("form[data-send]"))?.submit();
